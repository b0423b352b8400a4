with newest as (
    select
        dataset.dataset,
        dataset.cadence,
        months.month,
        max(delivery.period) as newest_period,
        max(delivery.received_at) as newest_received_at
    from {{ ref('int_months') }} as months
    cross join {{ ref('int_dataset') }} as dataset
    left join {{ ref('int_delivery') }} as delivery
        on dataset.dataset = delivery.dataset and delivery.status = 'accepted' and delivery.period <= months.month
    group by dataset.dataset, dataset.cadence, months.month
),

judged as (
    select
        newest.dataset,
        newest.month,
        newest.newest_period,
        newest.newest_received_at,
        tolerance.value as stale_after_months,
        newest.newest_period is null as is_missing,
        coalesce(
            {{ months_between_starts('newest.newest_period', 'newest.month') }} > tolerance.value, false
        ) as is_stale
    from newest
    left join {{ ref('int_parameter_month') }} as tolerance
        on newest.month = tolerance.month
        and tolerance.parameter = 'stale_after_months'
        and newest.cadence = tolerance.category
)

select
    *,
    case
        when is_missing then dataset || ' has not been delivered'
        when is_stale then dataset || ' is stale: newest period ' || substr(cast(newest_period as string), 1, 7)
    end as reason,
    case
        when is_missing then dataset || ' 未报送'
        when is_stale then dataset || ' 数据过期：最新为 ' || substr(cast(newest_period as string), 1, 7)
    end as reason_zh
from judged
