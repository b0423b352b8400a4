-- 哪些部门的数据来得迟？Whose data came late, and by how much?
select split_part(dataset, '.', 1) as department, count(*) filter (where is_late) as late_months, max(days_late) as worst_days
from quality.fct_dataset_freshness
group by department
order by late_months desc, department
