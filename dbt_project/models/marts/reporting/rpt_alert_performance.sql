with today as ( -- the newest delivery's day: the clock of the build decides nothing

    select {{ shanghai_day('max(received_at)') }} as day
    from {{ ref('int_delivery') }}

),

judged as (

    select
        alert.*,
        answer.finding,
        answer.verified_on,
        answer.amount_recovered,
        coalesce(answer.verified_on, today.day) > alert.due_on
        and (answer.finding is not null or (alert.state = 'open' and alert.quiet_reason is null)) as is_overdue
    from {{ ref('fct_alert') }} as alert
    cross join today
    left join {{ ref('int_case_answer') }} as answer on alert.alert_no = answer.alert_no

)

select
    cast(judged.rule_id as string) as rule_id,
    cast(judged.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(judged.first_month as date) as month,
    cast(count(*) as bigint) as detected,
    cast(sum(case when judged.finding is null then 0 else 1 end) as bigint) as verified,
    cast(sum(case when judged.finding in ('属实', '部分属实') then 1 else 0 end) as bigint) as {{ adapter.quote('true') }},
    cast(sum(case when judged.finding = '不属实' then 1 else 0 end) as bigint) as {{ adapter.quote('false') }},
    cast(sum(case when judged.is_overdue then 1 else 0 end) as bigint) as overdue,
    cast(sum(coalesce(judged.amount_recovered, 0)) as decimal(18, 2)) as recovered
from judged
left join {{ ref('int_regions') }} as region on judged.town_code = region.region_code
group by judged.rule_id, judged.town_code, judged.first_month
