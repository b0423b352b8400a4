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
    cast(null as varchar) as rule_id,
    cast(null as date) as month,
    cast(null as varchar) as programme,
    cast(null as varchar) as subject_type,
    cast(null as varchar) as subject_key,
    cast(null as varchar) as person_key,
    cast(null as varchar) as household_key,
    cast(null as varchar) as event_key,
    cast(null as varchar) as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    cast(null as varchar) as match_grade,
    cast(null as varchar) as town_code,
    cast(null as varchar) as village_code,
    cast(null as varchar) as evidence,
    cast(null as varchar) as evidence_restricted,
    cast(null as timestamp) as received_at,
    cast(null as varchar) as left_out
where false
{% endfor %}
