-- 各镇各项目本月有多少人、多少户？How many people and households hold each programme, by town?
select programme, town_name, unit, closing
from reporting.rpt_programme_flow_monthly
where month = (select max(month) from reporting.rpt_programme_flow_monthly)
order by programme, town_name, unit
