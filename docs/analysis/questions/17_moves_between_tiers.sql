-- 年初到现在，各层级之间怎样流动？Who moved between tiers since the first month?
with tier as (
    select person_key, month, min(programme) as programme
    from core.fct_enrolment_month
    where holds and programme in ('dibao', 'dibao_single', 'extreme_poverty', 'dibao_edge', 'rigid_expenditure')
    group by person_key, month
)
select before.programme as from_programme, now.programme as to_programme, count(*) as people
from (select * from tier where month = (select min(month) from tier)) as before
full join (select * from tier where month = (select max(month) from tier)) as now using (person_key)
group by all
order by from_programme nulls last, to_programme nulls last
