with horizon as (

    select
        {{ shanghai_day('min(received_at)') }} as first_day,
        {{ shanghai_day('max(received_at)') }} as last_day
    from {{ ref('int_delivery') }}

),

arrival as (

    select
        due.dataset,
        due.month,
        due.due_on,
        min(delivery.received_at) as received_at,
        min(delivery.days_late) as days_late
    from {{ ref('int_dataset_due') }} as due
    left join {{ ref('int_delivery_due') }} as delivery
        on due.dataset = delivery.dataset and due.month = delivery.month
    group by due.dataset, due.month, due.due_on

),

lateness as ( -- what has not come is as late as the newest word from anybody

    select
        arrival.dataset,
        arrival.month,
        arrival.due_on,
        arrival.received_at,
        case
            when arrival.received_at is not null then arrival.days_late
            when arrival.due_on >= horizon.first_day
                then greatest({{ days_between('arrival.due_on', 'horizon.last_day') }}, 0)
        end as days_late
    from arrival
    cross join horizon

),

towns as (

    select
        dataset,
        month,
        count(*) as expected,
        sum(case when is_missing then 1 else 0 end) as missing,
        sum(case when is_stale then 1 else 0 end) as stale,
        {{ joined_values("case when is_behind then town_name end", '、') }} as behind
    from {{ ref('int_town_dataset_month') }}
    group by dataset, month

)

select
    cast(state.dataset as string) as dataset,
    cast(state.month as date) as month,
    cast(dataset.title_zh as string) as title_zh,
    cast(dataset.cadence as string) as cadence,
    cast(lateness.due_on as date) as due_on,
    cast(lateness.received_at as timestamp) as received_at,
    cast(lateness.days_late as integer) as days_late,
    cast(coalesce(lateness.days_late > 0, false) as boolean) as is_late,
    cast(state.newest_period as date) as newest_period,
    cast(state.newest_received_at as timestamp) as newest_received_at,
    cast({{ months_between_starts('state.newest_period', 'state.month') }} as integer) as months_behind,
    cast(state.is_missing as boolean) as is_missing,
    cast(state.is_stale as boolean) as is_stale,
    cast(towns.expected as integer) as towns_expected,
    cast(towns.missing as integer) as towns_missing,
    cast(towns.stale as integer) as towns_stale,
    cast(towns.behind as string) as towns_behind_zh,
    cast(coalesce(
        state.reason_zh,
        case
            when lateness.days_late > 0
                then state.dataset || ' 应于 ' || cast(lateness.due_on as string) || ' 前报送，'
                    || case
                        when lateness.received_at is null then '尚未收到'
                        else '迟 ' || cast(lateness.days_late as string) || ' 天'
                    end
        end
    ) as string) as reason_zh,
    cast(coalesce(
        state.reason,
        case
            when lateness.days_late > 0
                then state.dataset || ' was due on ' || cast(lateness.due_on as string) || ', '
                    || case
                        when lateness.received_at is null then 'not received yet'
                        else 'came ' || cast(lateness.days_late as string) || ' days late'
                    end
        end
    ) as string) as reason_en
from {{ ref('int_dataset_month') }} as state
inner join {{ ref('int_dataset') }} as dataset on state.dataset = dataset.dataset
left join lateness on state.dataset = lateness.dataset and state.month = lateness.month
left join towns on state.dataset = towns.dataset and state.month = towns.month
