{# What some rosters tell of a person, by which the month's reports count; the others leave it empty. #}
{% macro roster_dimensions() -%}
    {{ return([
        'tier', 'disability_category', 'disability_grade', 'area_kind', 'support_mode', 'self_care', 'kind', 'placement',
    ]) }}
{%- endmacro %}

{# Who holds one of some programmes, by what their roster says of them, beside what was paid to them for the month. #}
{% macro roster_beside_payments(programmes, dimensions) -%}
select
    cast(counted.month as date) as month,
    cast(counted.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(counted.programme as string) as programme,
    {% for dimension in dimensions -%}
    cast(counted.{{ dimension }} as string) as {{ dimension }},
    {% endfor -%}
    cast(sum(counted.persons) as bigint) as persons,
    cast(sum(counted.recorded_amount) as decimal(18, 2)) as recorded_amount,
    cast(sum(counted.paid_amount) as decimal(18, 2)) as paid_amount
from {{ ref('int_report_roster') }} as counted
left join {{ ref('int_regions') }} as region on counted.town_code = region.region_code
where counted.programme in ('{{ programmes | join("', '") }}')
group by counted.month, counted.town_code, counted.programme{% for dimension in dimensions %}, counted.{{ dimension }}{% endfor %}
{%- endmacro %}

{# The rows of one report of the monitored month, a row a figure that counts it: `counted` has a column a figure. #}
{% macro report_rows(report, counted, figures, told, programmes=none) -%}
select
    cast(counted.month as date) as month,
    cast('{{ report }}' as string) as report,
    cast(figure.name as string) as figure,
    {% for column in ['town_code', 'programme', 'unit', 'age_band'] + roster_dimensions() + [
        'rule_id', 'person_key', 'household_key', 'payment_no', 'alert_no', 'delivery_id',
    ] -%}
    cast({{ 'counted.' ~ column if column in told else 'null' }} as string) as {{ column }},
    {% endfor -%}
    cast(case figure.name
        {% for figure in figures -%}
        when '{{ figure }}' then counted.{{ adapter.quote(figure) }}
        {% endfor -%}
    end as decimal(18, 2)) as amount
from {{ ref(counted) }} as counted
cross join (
    {% for figure in figures -%}
    select '{{ figure }}' as name{{ ' union all' if not loop.last }}
    {% endfor -%}
) as figure
where
    counted.month = date '{{ var("as_of") }}'
    {% if programmes -%}
    and counted.programme in ('{{ programmes | join("', '") }}')
    {% endif -%}
    and case figure.name
        {% for figure in figures -%}
        when '{{ figure }}' then counted.{{ adapter.quote(figure) }}
        {% endfor -%}
    end <> 0
{%- endmacro %}
