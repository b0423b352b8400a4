{% set flags = [
    ('C01', 'medical_costs'), ('C02', 'severe_disability'), ('C04', 'nursing_missed'),
    ('C05', 'elder_allowance_missed'), ('C08', 'unemployment'), ('C09', 'incident'), ('C10', 'without_carer'),
    ('C12', 'hardship_after_leaving'), ('C15', 'poverty_monitor'),
] %}
with uncovered as ( -- whoever a cover rule found and nobody helps in the month

    select
        finding.month,
        finding.person_key,
        max({{ severity_rank('finding.severity') }}) as gravest,
        sum({{ severity_rank('finding.severity') }}) as need_score,
        max(finding.town_code) as town_code,
        max(finding.village_code) as village_code
    from {{ ref('int_rules__findings') }} as finding
    left join {{ ref('int_rules__present') }} as helped
        on finding.month = helped.month and finding.person_key = helped.person_key
    where finding.rule_id like 'C%'
        and finding.person_key is not null
        and helped.person_key is null
    group by finding.month, finding.person_key

)

select
    cast(uncovered.month as date) as month,
    cast(uncovered.person_key as string) as person_key,
    cast(uncovered.town_code as string) as town_code,
    cast(uncovered.village_code as string) as village_code,
    cast(case uncovered.gravest when 4 then 'critical' when 3 then 'high' when 2 then 'medium' else 'low' end as string)
        as severity,
    cast(uncovered.need_score as integer) as need_score,
    {{ flag_columns(flags, 'flagged') }}
from uncovered
left join {{ person_flags(flags) }} as flagged
    on uncovered.month = flagged.month and uncovered.person_key = flagged.person_key
