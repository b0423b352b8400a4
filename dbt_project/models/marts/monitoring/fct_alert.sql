with newest as (

    select * from {{ ref('int_rules__alerts') }}
    where episode_number = episode_count

),

newest_evaluated as (

    select rule_id, programme, max(month) as month
    from {{ ref('int_rules__coverage') }}
    where is_evaluated
    group by rule_id, programme

),

detected as ( -- days are the bureau's: UTC + 8

    select newest.*, {{ shanghai_day('newest.detected_at') }} as detected_on
    from newest

),

-- What the rule found of the same household or person before, under another event.
earlier as (

    select
        alert.alert_no,
        earlier.alert_no as repeats,
        earlier.last_month
    from newest as alert
    inner join newest as earlier on alert.rule_id = earlier.rule_id and alert.household_key = earlier.household_key
    where earlier.last_month < alert.first_month
    union
    select
        alert.alert_no,
        earlier.alert_no as repeats,
        earlier.last_month
    from newest as alert
    inner join newest as earlier on alert.rule_id = earlier.rule_id and alert.person_key = earlier.person_key
    where earlier.last_month < alert.first_month

),

repeated as (

    select alert_no, repeats
    from earlier
    qualify row_number() over (
        partition by alert_no order by last_month desc nulls last, repeats asc nulls last
    ) = 1

),

wanted as (

    select distinct detected.rule_id, detected.detected_on, catalogue.sla_final_days
    from detected
    inner join {{ ref('rule_catalogue') }} as catalogue on detected.rule_id = catalogue.rule_id

),

today as ( -- the newest delivery's day: the clock of the build decides nothing

    select {{ shanghai_day('max(received_at)') }} as day
    from {{ ref('int_delivery') }}

),

-- What people made of it. Work that is over stays over until the condition returns; what was sent out and taken in hand
-- by nobody ends with its condition; a suspension ends after its last day.
worked as (

    select
        step.alert_no,
        step.event,
        step.episode,
        case
            when step.case_state = 'suspended' and step.suspended_until < today.day then 'accepted'
            else step.case_state
        end as case_state,
        step.event in ('decide', 'execute', 'close') as is_over
    from {{ ref('int_case_step') }} as step
    cross join today
    where step.is_newest

),

-- A rest day bears the number of the working day before it; what is due on the day it is found is then due on the next
-- working day.
due as (

    select
        wanted.rule_id,
        wanted.detected_on,
        due_day.day as due_on,
        due_day.source <> 'chinesecalendar' or detected_day.source <> 'chinesecalendar' as is_provisional
    from wanted
    inner join {{ ref('working_days') }} as detected_day on wanted.detected_on = detected_day.day
    inner join {{ ref('working_days') }} as due_day
        on due_day.working_day_number = detected_day.working_day_number
            + greatest(wanted.sla_final_days, case when detected_day.is_working then 0 else 1 end)
        and due_day.is_working

)

select
    detected.alert_no,
    cast(detected.episode_count as integer) as episode_count,
    detected.first_month,
    detected.last_month,
    detected.rule_id,
    catalogue.direction,
    detected.subject_type,
    detected.programme,
    detected.person_key,
    detected.household_key,
    detected.hashed_event_key as event_key,
    detected.severity,
    case when detected.last_month = newest_evaluated.month then 'open' else 'cleared' end as state,
    case
        when worked.is_over and worked.episode < detected.episode_count and detected.last_month = newest_evaluated.month
            then 'reopened'
        when worked.case_state = 'dispatched' and detected.last_month < newest_evaluated.month then 'cleared'
        else worked.case_state
    end as case_state,
    detected.detected_on,
    due.due_on,
    coalesce(due.is_provisional, false) as is_due_on_provisional,
    detected.town_code,
    detected.village_code,
    cast(detected.amount_at_risk as decimal(18, 2)) as amount_at_risk,
    detected.match_grade,
    detected.evidence,
    catalogue.proposed_action,
    cast(quiet.quiet_reason as string) as quiet_reason,
    cast(quiet.spoken_for_by as string) as spoken_for_by,
    cast(repeated.repeats as string) as repeats
from detected
inner join {{ ref('rule_catalogue') }} as catalogue on detected.rule_id = catalogue.rule_id
inner join newest_evaluated
    on detected.rule_id = newest_evaluated.rule_id and detected.programme = newest_evaluated.programme
left join {{ ref('int_rules__quiet') }} as quiet on detected.alert_no = quiet.alert_no
left join repeated on detected.alert_no = repeated.alert_no
left join worked on detected.alert_no = worked.alert_no
left join due on detected.detected_on = due.detected_on and detected.rule_id = due.rule_id
