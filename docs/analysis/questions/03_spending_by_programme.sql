-- 今年每个项目发了多少钱，平均每人每月多少？What was paid for each programme, and how much a person and month?
select
    programme,
    sum(case when kind = '扣回' then -abs(amount) else amount end) as yuan,
    round(yuan / nullif(count(distinct (person_key, benefit_month)), 0), 2) as yuan_a_person_and_month
from core.fct_payment
where result = '成功'
group by programme
order by yuan desc
