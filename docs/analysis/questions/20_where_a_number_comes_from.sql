-- 本月的数据出自哪些文件，什么时候收到？Which files does the month stand on, and when did they come?
select dataset, part, source_name, received_at, rows_accepted
from quality.fct_delivery
where status = 'accepted' and period = (select max(period) from quality.fct_delivery where status = 'accepted')
order by dataset, part, received_at
