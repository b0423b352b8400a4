-- 两项补贴按残疾类别和等级各有多少人？The two disability subsidies by category and grade?
select programme, disability_category, disability_grade, sum(persons) as persons, sum(paid_amount) as yuan
from reporting.rpt_disability_subsidy_monthly
where month = (select max(month) from reporting.rpt_disability_subsidy_monthly)
group by all
order by programme, disability_category, disability_grade
