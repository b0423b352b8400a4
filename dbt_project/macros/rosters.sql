{# Rows of a snapshot dataset in force in each month, with two corrections of the bare newest file:

   - a key that stands in two parts counts where the newer delivery has it, and a row of a whole-district file
     does not outlive a newer file of its own town;
   - a quarantined row is not an exit: a key that stood in the month before and is missing now stays, with the
     values it last had, while a quarantined row of the new delivery bears its `named_by` values.

   Gives every column of the staging model, month, and is_carried. #}
{% macro roster_in_force(dataset, staging, key, named_by, town_column=none) -%}
with in_force as (
    select * from {{ ref('int_delivery_in_force') }} where dataset = '{{ dataset }}'
),

standing as (
    select
        in_force.month,
        roster.*
    from {{ ref(staging) }} as roster
    inner join in_force on roster.delivery_id = in_force.delivery_id
    {%- if town_column %}
    left join in_force as of_town
        on in_force.month = of_town.month
        and case when in_force.part_code = '' then roster.{{ town_column }} end = of_town.part_code
        and of_town.position > in_force.position
    where of_town.delivery_id is null
    {%- endif %}
    qualify row_number() over (
        partition by in_force.month, {% for column in key %}roster.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        order by in_force.position desc nulls last
    ) = 1
),

quarantined as (
    select distinct in_force.month, {% for column in named_by %}refused.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ ref('int_quarantined_roster_row') }} as refused
    inner join in_force on refused.delivery_id = in_force.delivery_id
    where {% for column in named_by %}refused.{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
),

named as (
    select distinct {{ key | join(', ') }}, {{ named_by | join(', ') }} from standing
),

-- Months in which a key is missing but a quarantined row names it.
gap as (
    select distinct quarantined.month, {% for column in key %}named.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from named
    inner join quarantined
        on {% for column in named_by %}named.{{ column }} = quarantined.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    left join standing
        on quarantined.month = standing.month
        and {% for column in key %}named.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    where standing.month is null
),

timeline as (
    select standing.month, {% for column in key %}standing.{{ column }}{{ ', ' if not loop.last }}{% endfor %}, true as stands
    from standing
    where exists (
        select 1 from gap
        where {% for column in key %}gap.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    )
    union all
    select month, {{ key | join(', ') }}, false as stands from gap
),

island as (
    select
        *,
        {{ months_between_starts("date '1900-01-01'", 'month') }} - row_number() over (
            partition by {{ key | join(', ') }} order by month nulls last
        ) as island
    from timeline
),

carried as (
    select
        *,
        max(case when stands then month end) over (
            partition by {{ key | join(', ') }}, island order by month nulls last
            rows between unbounded preceding and current row
        ) as last_stood
    from island
)

select
    standing.month,
    {{ all_but('standing', 'month') }},
    false as is_carried
from standing
union all
select
    carried.month,
    {{ all_but('standing', 'month') }},
    true as is_carried
from carried
inner join standing
    on carried.last_stood = standing.month
    and {% for column in key %}carried.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
where not carried.stands
{%- endmacro %}

{# Whether a roster row in force in its month holds what it is filed under. #}
{% macro holds(row) -%}
    coalesce(
        {{ row }}.status in ('在享', '渐退')
        and {{ row }}.start_month <= {{ row }}.month
        and ({{ row }}.end_month is null or {{ row }}.end_month >= {{ row }}.month),
        false
    )
{%- endmacro %}

{# The whole cents of an amount shared out evenly over rows 1 … count, what does not divide to the first ones. #}
{% macro share_of(amount, count, position) -%}
    {{ yuan(
        idiv(cents(amount), count)
        ~ ' + case when ' ~ position ~ ' <= ' ~ cents(amount) ~ ' - ' ~ idiv(cents(amount), count) ~ ' * (' ~ count ~ ') then 1 else 0 end'
    ) }}
{%- endmacro %}

{# The programme of a kind of child. #}
{% macro child_programme(kind) -%}
    case {{ kind }}
        when '孤儿' then 'orphan'
        when '事实无人抚养儿童' then 'unattended_child'
        else 'child_in_difficulty'
    end
{%- endmacro %}
