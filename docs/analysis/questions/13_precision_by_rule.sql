-- 每条规则核查属实的比例是多少？How often was each rule right, by what visits found?
select rule_id, sum(detected) as detected, sum(verified) as verified,
    round(sum("true") / nullif(sum("true") + sum("false"), 0), 3) as share_true
from reporting.rpt_alert_performance
group by rule_id
order by rule_id
