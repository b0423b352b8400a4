-- 谁可能应享未享？每个镇各有多少？Who may be owed something nobody applied for, by town?
select
    region.name as town,
    count(*) as people,
    count(*) filter (where has_elder_allowance_missed) as elder_allowance,
    count(*) filter (where has_nursing_missed) as nursing_allowance,
    count(*) filter (where has_medical_costs) as medical_costs
from monitoring.mart_uncovered_monitoring as uncovered
left join core.dim_region as region on region.region_code = uncovered.town_code
where month = (select max(month) from monitoring.mart_uncovered_monitoring)
group by region.name
order by people desc
