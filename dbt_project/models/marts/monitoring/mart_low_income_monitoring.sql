{% set flags = [
    ('E01', 'died'), ('E02', 'possibly_died'), ('E03', 'vehicle'), ('E05', 'real_estate'), ('E06', 'enterprise'),
    ('E07', 'own_business'), ('E08', 'public_payroll'), ('E09', 'employer_contribution'), ('E10', 'pension_income'),
    ('E11', 'taxed_income'), ('E12', 'housing_fund'), ('E13', 'financial_assets'), ('E14', 'custody'),
    ('E15', 'moved_out'), ('E16', 'married'), ('E20', 'abroad'), ('P01', 'extreme_poverty_and_subsidy'),
    ('P04', 'counted_twice'), ('P05', 'paid_elsewhere'), ('P09', 'paid_after_death'), ('P10', 'amount_differs'),
    ('P13', 'paid_twice'),
] %}
with subject as (

    select
        month,
        programme as recorded_tier,
        subject_type,
        subject_key,
        max(household_key) as household_key,
        max(subject_person_key) as person_key,
        max(town_code) as town_code,
        max(village_code) as village_code,
        count(distinct case when role = '共同生活' then person_key end) as member_count
    from {{ ref('int_rules__low_income_member') }}
    group by month, programme, subject_type, subject_key

),

flagged as (

    select
        month,
        programme,
        subject_type,
        subject_key,
        {% for rule_id, name in flags -%}
        max(case when rule_id = '{{ rule_id }}' then 1 else 0 end) = 1 as has_{{ name }},
        {% endfor -%}
        sum(risk_weight) as risk_score,
        {{ joined_values("rule_id || ' ' || cast(risk_weight as string)", '；') }} as risk_parts,
        count(distinct rule_id) as flag_count
    from {{ ref('int_rules__low_income_flag') }}
    group by month, programme, subject_type, subject_key

)

select
    subject.month,
    subject.household_key,
    subject.person_key,
    subject.recorded_tier,
    subject.town_code,
    subject.village_code,
    cast(subject.member_count as integer) as member_count,
    {% for rule_id, name in flags -%}
    coalesce(flagged.has_{{ name }}, false) as has_{{ name }},
    {% endfor -%}
    cast(coalesce(flagged.flag_count, 0) as integer) as flag_count,
    cast(coalesce(flagged.risk_score, 0) as integer) as risk_score,
    coalesce(flagged.risk_parts, '') as risk_parts
from subject
left join flagged
    on subject.month = flagged.month
    and subject.recorded_tier = flagged.programme
    and subject.subject_type = flagged.subject_type
    and subject.subject_key = flagged.subject_key
