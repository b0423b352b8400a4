-- 哪些镇有刚超过低保标准的边缘家庭？Where are the edge households just beyond the standard?
select region.name as town, count(*) as households, round(avg(means.income_per_capita - means.standard), 2) as yuan_beyond
from core.fct_household_means_month as means
inner join core.dim_region as region on region.region_code = means.town_code
where means.month = (select max(month) from core.fct_household_means_month)
    and means.recorded_tier = 'dibao_edge'
    and means.income_per_capita between means.standard and means.standard * 1.2
group by region.name
order by households desc
