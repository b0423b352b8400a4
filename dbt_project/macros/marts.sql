{# What the monitoring marts share. #}

{# What rules found about a person in a month: a relation of month and person_key with a column has_<name> for each pair
   (rule, name) of `flags`, how many rules those were, the sum of the catalogue's weights, and the parts of that sum. #}
{% macro person_flags(flags) -%}
    (
        select
            finding.month,
            finding.person_key,
            {% for rule_id, name in flags -%}
            max(case when finding.rule_id = '{{ rule_id }}' then 1 else 0 end) = 1 as has_{{ name }},
            {% endfor -%}
            count(*) as flag_count,
            sum(catalogue.risk_weight) as risk_score,
            {{ joined_values("finding.rule_id || ' ' || cast(catalogue.risk_weight as string)", '；') }} as risk_parts
        from (
            select distinct month, person_key, rule_id
            from {{ ref('int_rules__findings') }}
            where person_key is not null
                and rule_id in ({% for rule_id, name in flags %}'{{ rule_id }}'{{ ', ' if not loop.last }}{% endfor %})
        ) as finding
        inner join {{ ref('rule_catalogue') }} as catalogue on finding.rule_id = catalogue.rule_id
        group by finding.month, finding.person_key
    )
{%- endmacro %}

{# The columns of person_flags, false and nothing where nothing was finding. #}
{% macro flag_columns(flags, row) -%}
    {% for rule_id, name in flags -%}
    cast(coalesce({{ row }}.has_{{ name }}, false) as boolean) as has_{{ name }},
    {% endfor -%}
    cast(coalesce({{ row }}.flag_count, 0) as integer) as flag_count,
    cast(coalesce({{ row }}.risk_score, 0) as integer) as risk_score,
    cast(coalesce({{ row }}.risk_parts, '') as string) as risk_parts
{%- endmacro %}

{% macro dibao_figure_names() -%}
    {{ return([
        'households', 'persons', 'elderly', 'adults', 'minors', 'women', 'disabled', 'severely_disabled',
        'registered_population', 'spending',
    ]) }}
{%- endmacro %}

{# The figures that the monthly table of dibao adds up: those that a part of it counts, 0 for the others. #}
{% macro dibao_figures(counted) -%}
    {% for name in dibao_figure_names() -%}
    {{ counted.get(name, '0') }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
