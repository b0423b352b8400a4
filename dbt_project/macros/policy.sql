{# The value of a policy parameter in force in a month, as an expression. Months outside the window have none. #}
{% macro parameter(name, month, category='') -%}
    (
        select max(policy.value) from {{ ref('int_parameter_month') }} as policy
        where policy.month = {{ month }} and policy.parameter = '{{ name }}' and policy.category = '{{ category }}'
    )
{%- endmacro %}

{# The age band a report counts a person under; without one it says why. #}
{% macro band_or_why_not(known, band) -%}
    coalesce({{ band }}, case when {{ known }} is null then 'unknown' else 'younger' end)
{%- endmacro %}
