-- A list that came back is a delivery and, once it is taken, a step as well; what was said at the desk is a step alone.
with said as (

    select alert_no, finding, verified_on, amount_recovered, received_at as said_at
    from {{ ref('stg_civil_affairs__verification_result') }}
    union all
    select
        alert_no,
        finding,
        coalesce(verified_on, cast(taken_at as date)) as verified_on,
        amount_recovered,
        taken_at as said_at
    from {{ ref('int_case_step') }}
    where finding is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by alert_no order by verified_on desc nulls last, said_at desc nulls last
        ) as choice
    from said

),

recovered as ( -- what was got back may be said after the finding

    select alert_no, max(amount_recovered) as amount_recovered
    from (
        select alert_no, amount_recovered from said
        union all
        select alert_no, amount_recovered from {{ ref('int_case_step') }}
    ) as told
    group by alert_no

)

select
    ranked.alert_no,
    ranked.finding,
    ranked.verified_on,
    recovered.amount_recovered
from ranked
left join recovered on ranked.alert_no = recovered.alert_no
where ranked.choice = 1
