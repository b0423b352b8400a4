with coverage as (

    select
        coverage.rule_id,
        coverage.month,
        coverage.programme,
        coverage.is_evaluated,
        case
            when coverage.is_evaluated then nullif(coverage.alternative_reason, '')
            else coalesce(coverage.programme_zh || '：', '')
                || coalesce(nullif(coverage.roster_reason, ''), coverage.alternative_reason)
        end as reason
    from {{ ref('int_rules__coverage') }} as coverage

),

finding as (

    select rule_id, month, count(*) as findings
    from {{ ref('int_rules__findings') }}
    group by rule_id, month

),

left_out as (

    select rule_id, month, left_out, count(distinct subject_key) as people
    from {{ ref('int_rules__candidates') }}
    where left_out is not null
    group by rule_id, month, left_out

),

left_out_reason as (

    select rule_id, month, {{ joined_values("left_out || ' ' || cast(people as string)", '；') }} as reason
    from left_out
    group by rule_id, month

),

population as (

    select coverage.rule_id, coverage.month, sum(population.people) as people
    from coverage
    inner join {{ ref('rule_catalogue') }} as catalogue on coverage.rule_id = catalogue.rule_id
    inner join {{ ref('int_rules__population') }} as population
        on catalogue.population = population.population
        and coverage.month = population.month
        and coverage.programme = population.programme
    where coverage.is_evaluated
    group by coverage.rule_id, coverage.month
    union all
    select coverage.rule_id, coverage.month, max(population.people) as people
    from coverage
    inner join {{ ref('rule_catalogue') }} as catalogue on coverage.rule_id = catalogue.rule_id
    inner join {{ ref('int_rules__population') }} as population
        on catalogue.population = population.population
        and coverage.month = population.month
        and population.programme = ''
    where coverage.is_evaluated and coverage.programme <> ''
    group by coverage.rule_id, coverage.month

),

evaluation as (

    select
        rule_id,
        month,
        max(case when is_evaluated then 1 else 0 end) = 1 as is_evaluated,
        {{ joined_values('reason', '；') }} as reason
    from coverage
    group by rule_id, month

)

select
    evaluation.rule_id,
    evaluation.month,
    case when evaluation.is_evaluated then 'evaluated' else 'not_evaluated' end as status,
    -- of programmes, of towns, of people
    nullif(concat_ws('；', nullif(evaluation.reason, ''), town_behind.reason, left_out_reason.reason), '') as reason,
    cast(case when evaluation.is_evaluated then coalesce(population.people, 0) else 0 end as bigint) as population,
    cast(coalesce(finding.findings, 0) as bigint) as findings
from evaluation
left join finding on evaluation.rule_id = finding.rule_id and evaluation.month = finding.month
left join {{ ref('int_rules__town_behind') }} as town_behind
    on evaluation.rule_id = town_behind.rule_id and evaluation.month = town_behind.month
left join left_out_reason
    on evaluation.rule_id = left_out_reason.rule_id and evaluation.month = left_out_reason.month
left join population on evaluation.rule_id = population.rule_id and evaluation.month = population.month
