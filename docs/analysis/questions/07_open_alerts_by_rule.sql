-- 现在有哪些未结预警，各涉及多少钱？Which alerts are open, and how much money is at risk?
select alert.rule_id, rule.title_zh, alert.severity, count(*) as alerts, sum(alert.amount_at_risk) as yuan
from monitoring.fct_alert as alert
inner join monitoring.dim_rule as rule using (rule_id)
where alert.state = 'open' and alert.quiet_reason is null
group by all
order by yuan desc nulls last, alerts desc
