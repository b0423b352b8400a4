-- The dataset came, a town's part of it did not: of that town the rule speaks by an older list, or not at all.
select
    needed.rule_id,
    town.month,
    {{ joined_values("town.town_name || ' ' || town.dataset || case
        when town.is_missing then ' 未报送'
        else ' 数据过期：最新为 ' || substr(cast(town.newest_period as string), 1, 7)
    end", '；') }} as reason
from {{ ref('int_rules__needed') }} as needed
inner join {{ ref('int_town_dataset_month') }} as town on needed.dataset = town.dataset
inner join {{ ref('int_dataset_month') }} as district
    on town.dataset = district.dataset and town.month = district.month
where (town.is_missing or town.is_stale) and not district.is_missing and not district.is_stale
group by needed.rule_id, town.month
