-- 被退回的行是什么毛病？What was wrong with refused rows?
select dataset, column_name, reason, count(*) as rows
from quality.fct_quarantined_row
group by all
order by rows desc
limit 30
