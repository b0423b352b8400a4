{# What was decided for a time and not lifted since: the newest decision of a kind about each subject, and its end. #}
{% macro decided_for_a_time(kind, subject) -%}
select
    {{ subject | join(',\n    ') }},
    until_month
from {{ read_case_steps() }}
where kind = '{{ kind }}'
qualify row_number() over (
    partition by {{ subject | join(', ') }} order by sequence desc nulls last
) = 1 and event = '{{ kind }}'
{%- endmacro %}
