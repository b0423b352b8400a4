-- 尊老金按年龄段有多少人、发了多少？The elder allowance by age band: how many people, how much?
select age_band, sum(persons) as persons, sum(paid_amount) as yuan, sum(new_persons) as new, sum(ended_persons) as ended
from reporting.rpt_elder_allowance_monthly
where month = (select max(month) from reporting.rpt_elder_allowance_monthly)
group by age_band
order by age_band
