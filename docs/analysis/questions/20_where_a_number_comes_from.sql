-- 本月每个报表数字出自哪些文件，什么时候收到？Which files does each figure of the month's reports stand on, and when did they come?
select counted.report, counted.figure, delivery.dataset, delivery.part, delivery.source_name, delivery.received_at,
    count(*) as rows_counted
from reporting.fct_report_row as counted
inner join quality.fct_delivery as delivery on counted.delivery_id = delivery.delivery_id
group by all
order by all
