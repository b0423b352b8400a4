-- Gaps and islands over the months in which the rule was evaluated for the programme: a month without the condition
-- ends an episode, a month that could not be evaluated does nothing.
with evaluated_month as (

    select
        rule_id,
        programme,
        month,
        row_number() over (partition by rule_id, programme order by month asc nulls last) as position
    from {{ ref('int_rules__coverage') }}
    where is_evaluated

),

placed as ( -- a key that the episode itself gives cannot yet tell findings apart

    select
        finding.*,
        case when finding.event_key like 'episode%' then 'episode' else finding.event_key end as event_group,
        evaluated_month.position
    from {{ ref('int_rules__findings') }} as finding
    inner join evaluated_month
        on finding.rule_id = evaluated_month.rule_id
        and finding.programme = evaluated_month.programme
        and finding.month = evaluated_month.month

),

islands as (

    select
        *,
        position - row_number() over (
            partition by rule_id, programme, subject_type, subject_key, event_group
            order by month asc nulls last
        ) as island
    from placed

),

numbered as (

    select
        *,
        row_number() over episode_months as month_of_episode,
        row_number() over (
            partition by rule_id, programme, subject_type, subject_key, event_group, island
            order by month desc nulls last
        ) as months_to_end,
        min(month) over whole_episode as first_month,
        min(received_at) over whole_episode as detected_at,
        sum(amount_at_risk) over whole_episode as amount_of_episode,
        first_value(event_key) over episode_months as first_event_key
    from islands
    window
        whole_episode as (partition by rule_id, programme, subject_type, subject_key, event_group, island),
        episode_months as (
            partition by rule_id, programme, subject_type, subject_key, event_group, island
            order by month asc nulls last
        )

)

select
    numbered.rule_id,
    numbered.programme,
    numbered.subject_type,
    numbered.subject_key,
    numbered.person_key,
    numbered.household_key,
    case
        when numbered.event_group <> 'episode' then numbered.event_key
        when numbered.first_event_key = 'episode' then cast(numbered.first_month as string)
        else substr(numbered.first_event_key, length('episode:') + 1)
    end as event_key,
    numbered.first_month,
    numbered.month as last_month,
    numbered.month_of_episode as months_found,
    case
        when numbered.month_of_episode >= catalogue.escalates_from_month
            and {{ severity_rank('catalogue.escalates_to') }} > {{ severity_rank('numbered.severity') }}
            then catalogue.escalates_to
        else numbered.severity
    end as severity,
    cast(
        case when catalogue.amount_basis = 'monthly' then numbered.amount_of_episode else numbered.amount_at_risk end
        as decimal(18, 2)
    ) as amount_at_risk,
    numbered.match_grade,
    numbered.town_code,
    numbered.village_code,
    numbered.evidence,
    numbered.evidence_restricted,
    numbered.detected_at
from numbered
inner join {{ ref('rule_catalogue') }} as catalogue on numbered.rule_id = catalogue.rule_id
where numbered.months_to_end = 1
