-- 去世后还在发放的，逾期了多久？Of those paid after death: for how many months?
select date_diff('month', person.died_month, alert.last_month) as months_after_death, alert.programme, count(*) as alerts
from monitoring.fct_alert as alert
inner join core.dim_person as person using (person_key)
where alert.rule_id = 'P09'
group by all
order by months_after_death, alert.programme
