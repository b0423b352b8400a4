-- Nobody who stands in a roster file is lost on the way; whole-district files give way to a town's own, and are left out.
{% for staging, model, key, by_town in [
    ('stg_civil_affairs__assistance_household', 'int_household_in_force', ['household_secret'], true),
    ('stg_civil_affairs__assistance_member', 'int_member_in_force', ['household_secret', 'person_secret'], true),
    ('stg_civil_affairs__extreme_poverty', 'int_extreme_poverty_in_force', ['person_secret'], false),
    ('stg_civil_affairs__disability_subsidy', 'int_disability_subsidy_in_force', ['subsidy', 'person_secret'], false),
    ('stg_civil_affairs__elder_allowance', 'int_elder_allowance_in_force', ['person_secret'], true),
    ('stg_civil_affairs__child_welfare', 'int_child_welfare_in_force', ['person_secret'], false),
] -%}
select '{{ model }}' as model, in_force.month, in_force.delivery_id
from {{ ref(staging) }} as delivered
inner join {{ ref('int_delivery_in_force') }} as in_force on delivered.delivery_id = in_force.delivery_id
left join {{ ref(model) }} as kept
    on in_force.month = kept.month
    {%- for column in key %} and delivered.{{ column }} = kept.{{ column }}{% endfor %}
where kept.month is null and (in_force.part_code <> '' or {{ 'false' if by_town else 'true' }})
{{ 'union all' if not loop.last }}
{% endfor %}
