with evaluated as (

    select candidate.*
    from {{ ref('int_rules__candidates') }} as candidate
    inner join {{ ref('int_rules__coverage') }} as coverage
        on candidate.rule_id = coverage.rule_id
        and candidate.programme = coverage.programme
        and candidate.month = coverage.month
    where coverage.is_evaluated and candidate.left_out is null

),

ranked as ( -- several rows with one key in a month: the highest severity, then the surest match

    select
        *,
        row_number() over (
            partition by rule_id, programme, subject_type, subject_key, event_key, month
            order by
                {{ severity_rank('severity') }} desc nulls last,
                match_grade asc nulls last,
                amount_at_risk desc nulls last,
                person_key asc nulls last,
                town_code asc nulls last,
                village_code asc nulls last,
                evidence_restricted asc nulls last,
                received_at asc nulls last,
                household_key asc nulls last,
                evidence asc nulls last
        ) as choice
    from evaluated

)

select
    rule_id,
    month,
    programme,
    subject_type,
    subject_key,
    person_key,
    household_key,
    event_key,
    severity,
    amount_at_risk,
    match_grade,
    town_code,
    village_code,
    evidence,
    evidence_restricted,
    received_at
from ranked
where choice = 1
