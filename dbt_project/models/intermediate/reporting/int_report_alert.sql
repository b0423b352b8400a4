{{ config(materialized='ephemeral') }}
-- What the desk's answers say of alerts is known when the marts are built, so this is read there and built nowhere.
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
        and (answer.finding is not null or (alert.state = 'open' and alert.quiet_reason is null)) as is_overdue,
        answer.finding in ('属实', '部分属实') and alert.state = 'cleared' as is_carried_out
    from {{ ref('fct_alert') }} as alert
    cross join today
    left join {{ ref('int_case_answer') }} as answer on alert.alert_no = answer.alert_no

)

select
    first_month as month,
    rule_id,
    town_code,
    person_key,
    household_key,
    alert_no,
    1 as detected,
    case when finding is null then 0 else 1 end as verified,
    case when finding in ('属实', '部分属实') then 1 else 0 end as {{ adapter.quote('true') }},
    case when finding = '不属实' then 1 else 0 end as {{ adapter.quote('false') }},
    case when finding is not null and not coalesce(is_overdue, false) then 1 else 0 end as on_time,
    case when is_overdue then 1 else 0 end as overdue,
    case when is_carried_out and direction = 'exit' then coalesce(amount_at_risk, 0) else 0 end as stopped,
    case when is_carried_out and direction = 'cover' then 1 else 0 end as newly_covered,
    case when finding is not null and verified_on >= detected_on then {{ days_between('detected_on', 'verified_on') }} end as visit_days,
    coalesce(amount_recovered, 0) as recovered
from judged
