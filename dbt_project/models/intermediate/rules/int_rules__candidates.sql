-- Findings and, with left_out filled, people the rule had to leave aside.
{% for rule in implemented_rules() %}
select
    '{{ rule.id }}' as rule_id,
    month,
    programme,
    subject_type,
    case subject_type when 'person' then person_key when 'household' then household_key else '' end as subject_key,
    person_key,
    household_key,
    event_key,
    severity,
    cast(coalesce(amount_at_risk, 0) as decimal(18, 2)) as amount_at_risk,
    match_grade,
    town_code,
    village_code,
    evidence,
    evidence_restricted,
    received_at,
    left_out
from {{ ref(rule.model) }}
{% if not loop.last %}union all{% endif %}
{% else %}
select
    cast(null as string) as rule_id,
    cast(null as date) as month,
    cast(null as string) as programme,
    cast(null as string) as subject_type,
    cast(null as string) as subject_key,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    cast(null as string) as event_key,
    cast(null as string) as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    cast(null as string) as match_grade,
    cast(null as string) as town_code,
    cast(null as string) as village_code,
    cast(null as string) as evidence,
    cast(null as string) as evidence_restricted,
    cast(null as timestamp) as received_at,
    cast(null as string) as left_out
where false
{% endfor %}
