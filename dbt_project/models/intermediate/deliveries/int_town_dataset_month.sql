with newest as (

    select
        state.dataset,
        state.month,
        town.region_code as town_code,
        town.name as town_name,
        state.stale_after_months,
        max(delivery.period) as newest_period
    from {{ ref('int_dataset_month') }} as state
    inner join {{ ref('int_dataset') }} as dataset on state.dataset = dataset.dataset and dataset.parts = 'town'
    inner join {{ ref('int_regions') }} as town on town.level = 'town' and town.is_in_force
    left join {{ ref('int_delivery') }} as delivery
        on state.dataset = delivery.dataset
        and delivery.status = 'accepted'
        and delivery.period <= state.month
        and delivery.part_code in (town.region_code, '') -- a file of the whole district speaks for every town
    group by state.dataset, state.month, town.region_code, town.name, state.stale_after_months

)

select
    dataset,
    month,
    town_code,
    town_name,
    newest_period,
    newest_period is null as is_missing,
    coalesce({{ months_between_starts('newest_period', 'month') }} > stale_after_months, false) as is_stale,
    coalesce({{ months_between_starts('newest_period', 'month') }} > 0, true) as is_behind
from newest
