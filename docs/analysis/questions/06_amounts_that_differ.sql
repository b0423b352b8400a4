-- 哪些月份有多少户核定金额与重算不符，差多少？In which months do recorded amounts differ from the means test?
select
    month,
    count(*) filter (where abs(difference_amount) >= 0.01) as households,
    sum(greatest(difference_amount, 0)) as one_way,
    sum(least(difference_amount, 0)) as the_other
from core.fct_household_means_month
group by month
order by month
