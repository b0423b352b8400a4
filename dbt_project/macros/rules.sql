{# The words that the models of intermediate/rules share. #}

{# The rules that have a model: a list of {id, model}. The model's name tells the rule: rule_e01__paid_after_death. #}
{% macro implemented_rules() -%}
    {%- set rules = [] -%}
    {%- for model in var('rules') -%}
        {%- do rules.append({'id': model.split('__')[0].split('_')[1] | upper, 'model': model}) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# The catalogue's rows of the rules that have a model. #}
{% macro implemented_catalogue() -%}
    (
        select * from {{ ref('rule_catalogue') }}
        where rule_id in ('' {%- for rule in implemented_rules() %}, '{{ rule.id }}'{% endfor %})
    )
{%- endmacro %}

{# "within N months": on or after the first day N months before the month, and not after its last day. #}
{% macro within_months(day, month, months) -%}
    ({{ day }} >= {{ plus_months(month, '-' ~ months) }} and {{ day }} < {{ plus_months(month, 1) }})
{%- endmacro %}

{# Last day of a month. #}
{% macro last_day_of(month) -%}
    cast({{ plus_months(month, 1) }} - interval '1' day as date)
{%- endmacro %}

{# A day's month in an event key, e.g. 2021-07-01. #}
{% macro month_text(day) -%}
    cast({{ month_of(day) }} as string)
{%- endmacro %}

{# Severities in order: 4 is the gravest. #}
{% macro severity_rank(severity) -%}
    case {{ severity }} when 'critical' then 4 when 'high' then 3 when 'medium' then 2 when 'low' then 1 else 0 end
{%- endmacro %}

{# The day and month in which a birthday is kept: of whoever was born on 29 February, 1 March. #}
{% macro celebrated_on(birth_date) -%}
    case
        when extract(month from {{ birth_date }}) = 2 and extract(day from {{ birth_date }}) = 29
            then cast({{ birth_date }} + interval '1' day as date)
        else {{ birth_date }}
    end
{%- endmacro %}

{# Marks a finding whose event key is the first month of its episode; int_rules__episodes puts the month in.
   With an expression, the key is that expression's value in the episode's first month. #}
{% macro first_month_of_episode(expression=none) -%}
    {%- if expression -%} 'episode:' || {{ expression }} {%- else -%} 'episode' {%- endif -%}
{%- endmacro %}

{# Nobody is left out by this rule: every row of the model is a finding. #}
{% macro nobody_left_out() -%}
    cast(null as string)
{%- endmacro %}

{# The version of a row with valid_from and valid_to (exclusive, empty while it lasts) that rules in the month. Without
   an `or`, which would turn an outer join on the person into a comparison of everybody with everybody. #}
{% macro rules_in(row, month) -%}
    {{ row }}.valid_from <= {{ month }} and coalesce({{ row }}.valid_to, date '9999-12-31') > {{ month }}
{%- endmacro %}

{# month(died) < m, by a row of int_person_death. #}
{% macro died_before(death, month) -%}
    {{ death }}.died_month < {{ month }} and {{ rules_in(death, month) }}
{%- endmacro %}

{# registered(x, m), of the people and months that `asked` names: the register's version that rules in the month, of
   whoever is alive then. A relation of person_key and month; everybody in every month would be far too many. #}
{% macro registered_among(asked) -%}
    (
        select asked.month, register.*
        from {{ asked }} as asked
        inner join {{ ref('int_population_period') }} as register
            on asked.person_key = register.person_key
            and register.status = '正常'
            and {{ rules_in('register', 'asked.month') }}
        left join {{ ref('int_person_death') }} as death
            on register.person_key = death.person_key
            and register.name = death.name
            and {{ died_before('death', 'asked.month') }}
        where death.person_key is null
    )
{%- endmacro %}

{# What is said first of a death that cannot be this person's; empty where the two dates agree. #}
{% macro death_before_birth(died_on, birth_date) -%}
    case when {{ died_on }} < {{ birth_date }} then '死亡日期早于出生日期，登记的可能不是此人' end
{%- endmacro %}

{# Rows of a relation with spell_month, the first month of the spell that each lies in: a spell of what `keys` name ends
   after three months without. #}
{% macro with_spells(relation, keys, month) -%}
    (
        select
            *,
            max(case
                when previous_month is null or {{ months_between_starts('previous_month', month) }} > 3 then {{ month }}
            end) over (
                partition by {{ keys }} order by {{ month }} asc nulls last
                rows between unbounded preceding and current row
            ) as spell_month
        from (
            select
                *,
                lag({{ month }}) over (partition by {{ keys }} order by {{ month }} asc nulls last) as previous_month
            from {{ relation }}
        ) as spaced
    )
{%- endmacro %}

{# What a year of a household would be worth in cents with one member's item replaced by `cents` of a year. #}
{% macro estimated_cents(row, item, cents) -%}
    ({{ row }}.net_cents - {{ row }}.{{ item }}_cents + {{ cents }})
{%- endmacro %}
