-- 风险分最高的家庭有哪些标记？What flags do the households with the highest risk score bear?
select household_key, recorded_tier, member_count, risk_score, flag_count, risk_parts
from monitoring.mart_low_income_monitoring
where month = (select max(month) from monitoring.mart_low_income_monitoring)
order by risk_score desc, household_key
limit 20
