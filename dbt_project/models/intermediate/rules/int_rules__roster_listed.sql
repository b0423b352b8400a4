-- Whom the six rosters name in the files in force, whatever the row's status; a village only where it is the person's.
{{ config(materialized='view') }}
{% set listed = [
    ('civil_affairs.assistance_household', 'int_household_in_force', 'head_'),
    ('civil_affairs.extreme_poverty', 'int_extreme_poverty_in_force', ''),
    ('civil_affairs.disability_subsidy', 'int_disability_subsidy_in_force', ''),
    ('civil_affairs.elder_allowance', 'int_elder_allowance_in_force', ''),
    ('civil_affairs.child_welfare', 'int_child_welfare_in_force', ''),
] %}
{% for dataset, model, prefix in listed -%}
select
    '{{ dataset }}' as dataset,
    month,
    {% for column in ['person_key', 'person_secret', 'id_no_status', 'name', 'name_folded', 'name_pattern'] -%}
    {{ prefix }}{{ column }}{{ ' as ' ~ column if prefix }},
    {% endfor -%}
    town_code,
    village_code,
    true as lives_there,
    received_at
from {{ ref(model) }}
union all
{% endfor -%}
select
    'civil_affairs.assistance_member' as dataset,
    month,
    person_key,
    person_secret,
    id_no_status,
    name,
    name_folded,
    name_pattern,
    town_code,
    village_code,
    role = '共同生活' as lives_there,
    received_at
from {{ ref('int_member_month') }}
