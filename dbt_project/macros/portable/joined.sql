{# The distinct non-empty texts of a group in order, as one text. #}
{% macro joined_values(expression, separator) -%}
    {{ return(adapter.dispatch('joined_values', 'doudi')(expression, separator)) }}
{%- endmacro %}

{% macro default__joined_values(expression, separator) -%}
    coalesce(array_to_string(list_sort(list(distinct {{ expression }}) filter (where {{ expression }} is not null)), '{{ separator }}'), '')
{%- endmacro %}

{% macro spark__joined_values(expression, separator) -%}
    array_join(array_sort(collect_set({{ expression }})), '{{ separator }}')
{%- endmacro %}
