select
    rule_id,
    title_zh,
    title_en,
    direction,
    severity,
    owner,
    cast(sla_first_days as integer) as sla_first_days,
    cast(sla_final_days as integer) as sla_final_days,
    legal_basis,
    explanation_zh,
    clears_zh,
    proposed_action,
    verifier,
    subject_type,
    programmes,
    amount_at_risk_zh,
    cast(risk_weight as integer) as risk_weight,
    cast(precision_floor as decimal(3, 2)) as precision_floor,
    is_district_only,
    cast(version as string) as version,
    rule_id in (
        ''
        {%- for rule in implemented_rules() %},
        '{{ rule.id }}'{% endfor %}
    ) as is_implemented
from {{ ref('rule_catalogue') }}
