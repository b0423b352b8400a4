-- 低保家庭有几口人？How large are the households on dibao?
select member_count, count(*) as households, round(avg(income_per_capita), 2) as mean_income_per_capita
from core.fct_household_means_month
where month = (select max(month) from core.fct_household_means_month) and recorded_tier = 'dibao'
group by member_count
order by member_count
