-- 有多少人同时享受几个项目？How many people hold several programmes at once?
select programmes, count(*) as people
from (
    select person_key, string_agg(distinct programme, ' + ' order by programme) as programmes
    from core.fct_enrolment_month
    where holds and month = (select max(month) from core.fct_enrolment_month)
    group by person_key
)
group by programmes
order by people desc
