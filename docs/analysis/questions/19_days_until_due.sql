-- 未结预警还有几个工作日到期？How many working days are left for the open alerts?
select due.working_day_number - today.working_day_number as working_days_left, count(*) as alerts
from monitoring.fct_alert as alert
inner join core.dim_date as due on due.day = alert.due_on
inner join core.dim_date as today
    on today.day = (select cast(max(received_at) as date) from quality.fct_delivery)
where alert.state = 'open' and alert.quiet_reason is null
group by working_days_left
order by working_days_left
