-- A person's finding is also a flag of every low-income household the person lives in.
with finding as (

    select
        finding.*,
        catalogue.risk_weight
    from {{ ref('int_rules__findings') }} as finding
    inner join {{ ref('rule_catalogue') }} as catalogue on finding.rule_id = catalogue.rule_id

),

member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活'

)

select distinct
    member.month,
    member.programme,
    member.subject_type,
    member.subject_key,
    finding.rule_id,
    finding.risk_weight
from member
inner join finding
    on member.month = finding.month
    and finding.subject_type = 'person'
    and member.person_key = finding.person_key
union
select distinct
    member.month,
    member.programme,
    member.subject_type,
    member.subject_key,
    finding.rule_id,
    finding.risk_weight
from member
inner join finding
    on member.month = finding.month
    and finding.subject_type = 'household'
    and member.subject_key = finding.household_key
