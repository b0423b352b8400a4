with episode as (

    select * from {{ ref('int_rules__alerts') }}

),

first_month_without as ( -- the evaluated month in which the condition was seen to be gone

    select
        episode.alert_no,
        episode.episode_number,
        coverage.month,
        coverage.received_at,
        row_number() over (
            partition by episode.alert_no, episode.episode_number order by coverage.month asc nulls last
        ) as choice
    from episode
    inner join {{ ref('int_rules__coverage') }} as coverage
        on episode.rule_id = coverage.rule_id
        and episode.programme = coverage.programme
        and coverage.is_evaluated
        and coverage.month > episode.last_month

),

event as (

    select
        alert_no,
        case when episode_number = 1 then 'raised' else 'reopened' end as event,
        detected_at as happened_at,
        first_month as month,
        1 as step
    from episode
    union all
    select episode.alert_no, 'cleared' as event, first_month_without.received_at as happened_at, first_month_without.month, 2 as step
    from episode
    inner join first_month_without
        on episode.alert_no = first_month_without.alert_no
        and episode.episode_number = first_month_without.episode_number
        and first_month_without.choice = 1

)

select
    alert_no,
    event,
    cast(happened_at as timestamp) as {{ adapter.quote('at') }},
    'system' as by_role,
    {{ json_object([('月份', 'substr(cast(month as string), 1, 7)')]) }} as detail
from event
union all
select
    step.alert_no,
    step.event,
    step.taken_at as {{ adapter.quote('at') }},
    step.by_role,
    {{ json_object([('状态', 'step.case_state'), ('核查结论', 'step.finding')]) }} as detail
from {{ ref('int_case_step') }} as step
where step.alert_no in (select alert_no from episode)
