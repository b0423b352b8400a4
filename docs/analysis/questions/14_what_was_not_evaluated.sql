-- 哪些规则哪些月份没有判定，为什么？Which rules could not be evaluated, and why?
select rule_id, month, reason
from monitoring.fct_rule_evaluation
where status = 'not_evaluated'
order by rule_id, month
