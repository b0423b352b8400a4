{#- What a programme's roster says in a month beside what was paid for it, by town and by whatever else is asked. -#}
{% macro roster_beside_payments(programmes, dimensions) -%}
with paid as (

    select
        person_key,
        programme,
        benefit_month as month,
        sum(case kind when '扣回' then -abs(amount) else amount end) as paid_amount
    from {{ ref('int_payment') }}
    where result = '成功' and programme in ('{{ programmes | join("', '") }}')
    group by person_key, programme, benefit_month

)

select
    cast(roster.month as date) as month,
    cast(roster.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(roster.programme as string) as programme,
    {% for dimension in dimensions -%}
    cast(coalesce(roster.{{ dimension }}, '') as string) as {{ dimension }},
    {% endfor -%}
    cast(count(distinct roster.person_key) as bigint) as persons,
    cast(sum(coalesce(roster.monthly_amount, 0)) as decimal(18, 2)) as recorded_amount,
    cast(sum(coalesce(paid.paid_amount, 0)) as decimal(18, 2)) as paid_amount
from {{ ref('int_roster_month') }} as roster
left join paid
    on roster.person_key = paid.person_key and roster.programme = paid.programme and roster.month = paid.month
left join {{ ref('int_regions') }} as region on roster.town_code = region.region_code
where roster.holds and roster.programme in ('{{ programmes | join("', '") }}')
group by roster.month, roster.town_code, roster.programme{% for dimension in dimensions %}, roster.{{ dimension }}{% endfor %}
{%- endmacro %}
