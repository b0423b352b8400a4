-- 低保人数逐月怎样变化？How did the number of people on dibao move, month by month?
select month, sum(opening) as opening, sum(new) as new, sum("left") as gone, sum(closing) as closing
from reporting.rpt_programme_flow_monthly
where programme = 'dibao' and unit = 'person'
group by month
order by month
