{# Hashes, lists and JSON. #}

{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex', 'doudi')(text)) }}
{%- endmacro %}

{% macro default__sha256_hex(text) -%}
    sha256({{ text }})
{%- endmacro %}

{% macro spark__sha256_hex(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}

{# A JSON text of the given (key, expression) pairs; expressions that are empty give null. #}
{% macro json_object(pairs) -%}
    {{ return(adapter.dispatch('json_object', 'doudi')(pairs)) }}
{%- endmacro %}

{% macro default__json_object(pairs) -%}
    cast(json_object({% for key, expression in pairs %}'{{ key }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}) as string)
{%- endmacro %}

{% macro spark__json_object(pairs) -%}
    to_json(named_struct({% for key, expression in pairs %}'{{ key }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}), map('ignoreNullFields', 'false'))
{%- endmacro %}

{# The distinct non-empty values of a group as a sorted list. #}
{% macro distinct_list(expression) -%}
    {{ return(adapter.dispatch('distinct_list', 'doudi')(expression)) }}
{%- endmacro %}

{% macro default__distinct_list(expression) -%}
    coalesce(list_sort(list(distinct {{ expression }}) filter (where {{ expression }} is not null)), cast([] as string[]))
{%- endmacro %}

{% macro spark__distinct_list(expression) -%}
    array_sort(collect_set({{ expression }}))
{%- endmacro %}

{# The given texts as a list, empty ones left out. #}
{% macro list_of(expressions) -%}
    {{ return(adapter.dispatch('list_of', 'doudi')(expressions)) }}
{%- endmacro %}

{% macro default__list_of(expressions) -%}
    list_filter([{{ expressions | join(', ') }}], lambda x: x is not null)
{%- endmacro %}

{% macro spark__list_of(expressions) -%}
    filter(array({{ expressions | join(', ') }}), x -> x is not null)
{%- endmacro %}

{# One row an element of a text split at `separator`: a derived table with columns (keys…, element). #}
{% macro split_rows(relation, keys, text, separator) -%}
    {{ return(adapter.dispatch('split_rows', 'doudi')(relation, keys, text, separator)) }}
{%- endmacro %}

{% macro default__split_rows(relation, keys, text, separator) -%}
    (select {{ keys | join(', ') }}, trim(unnest(string_split({{ text }}, '{{ separator }}'))) as element from {{ relation }})
{%- endmacro %}

{% macro spark__split_rows(relation, keys, text, separator) -%}
    (
        select {{ keys | join(', ') }}, trim(both ' 　' from piece) as element
        from (select {{ keys | join(', ') }}, explode(split({{ text }}, '{{ separator }}')) as piece from {{ relation }}) as opened
    )
{%- endmacro %}

{# A struct as JSON text. #}
{% macro struct_as_json(expression) -%}
    {{ return(adapter.dispatch('struct_as_json', 'doudi')(expression)) }}
{%- endmacro %}

{% macro default__struct_as_json(expression) -%}
    cast(to_json({{ expression }}) as string)
{%- endmacro %}

{% macro spark__struct_as_json(expression) -%}
    to_json({{ expression }}, map('ignoreNullFields', 'false'))
{%- endmacro %}

{# Every column of an alias but one. #}
{% macro all_but(alias, column) -%}
    {{ return(adapter.dispatch('all_but', 'doudi')(alias, column)) }}
{%- endmacro %}

{% macro default__all_but(alias, column) -%}
    {{ alias }}.* exclude ({{ column }})
{%- endmacro %}

{% macro spark__all_but(alias, column) -%}
    {{ alias }}.* except ({{ column }})
{%- endmacro %}

{# One row a refused column of a quarantined row: a derived table with columns (keys…, column_name, reason). #}
{% macro reason_rows(relation, keys) -%}
    {{ return(adapter.dispatch('reason_rows', 'doudi')(relation, keys)) }}
{%- endmacro %}

{% macro default__reason_rows(relation, keys) -%}
    (
        select {{ keys | join(', ') }}, found.column_name, found.reason
        from (select {{ keys | join(', ') }}, unnest(reasons) as found from {{ relation }}) as opened
    )
{%- endmacro %}

{% macro spark__reason_rows(relation, keys) -%}
    (
        select {{ keys | join(', ') }}, found.column_name, found.reason
        from (select {{ keys | join(', ') }}, explode(reasons) as found from {{ relation }}) as opened
    )
{%- endmacro %}

{# The type of a quarantined row's list of refused columns. #}
{% macro reason_list_type() -%}
    {{ return(adapter.dispatch('reason_list_type', 'doudi')()) }}
{%- endmacro %}

{% macro default__reason_list_type() -%}
    struct(column_name string, reason string)[]
{%- endmacro %}

{% macro spark__reason_list_type() -%}
    array<struct<column_name: string, reason: string>>
{%- endmacro %}

{# A list of texts that holds nothing, and the type of such lists. #}
{% macro empty_text_list() -%}
    {{ return(adapter.dispatch('empty_text_list', 'doudi')()) }}
{%- endmacro %}

{% macro default__empty_text_list() -%}
    cast([] as string[])
{%- endmacro %}

{% macro spark__empty_text_list() -%}
    cast(array() as array<string>)
{%- endmacro %}

{% macro text_list_type() -%}
    {{ return(adapter.dispatch('text_list_type', 'doudi')()) }}
{%- endmacro %}

{% macro default__text_list_type() -%}
    string[]
{%- endmacro %}

{% macro spark__text_list_type() -%}
    array<string>
{%- endmacro %}

{# One row an element of a list of texts: a derived table with columns (keys…, element). #}
{% macro list_rows(relation, keys, list) -%}
    {{ return(adapter.dispatch('list_rows', 'doudi')(relation, keys, list)) }}
{%- endmacro %}

{% macro default__list_rows(relation, keys, list) -%}
    (select {{ keys | join(', ') }}, unnest({{ list }}) as element from {{ relation }})
{%- endmacro %}

{% macro spark__list_rows(relation, keys, list) -%}
    (select {{ keys | join(', ') }}, explode({{ list }}) as element from {{ relation }})
{%- endmacro %}

{# True where a text holds what a broken encoding leaves: the replacement character, what becomes of it when it is read
   once more, or a character of private use. #}
{% macro is_damaged(text) -%}
    ({{ text }} like '%�%' or {{ text }} like '%锟斤拷%' or {{ holds_private_use(text) }})
{%- endmacro %}

{% macro holds_private_use(text) -%}
    {{ return(adapter.dispatch('holds_private_use', 'doudi')(text)) }}
{%- endmacro %}

{% macro default__holds_private_use(text) -%}
    regexp_matches({{ text }}, '[\x{E000}-\x{F8FF}\x{F0000}-\x{10FFFD}]')
{%- endmacro %}

{% macro spark__holds_private_use(text) -%}
    {{ text }} rlike '[\\x{E000}-\\x{F8FF}\\x{F0000}-\\x{10FFFD}]'
{%- endmacro %}

{# A unit test gives a list of texts as a list, which dbt would write down as Python does. #}
{% macro spark__safe_cast(field, type) -%}
    {%- if field is string or field is not sequence -%}
    cast({{ field }} as {{ type }})
    {%- else -%}
    {%- set texts = [] -%}
    {%- for text in field -%}{%- do texts.append(quoted(text)) -%}{%- endfor -%}
    cast(array({{ texts | join(', ') }}) as {{ type }})
    {%- endif -%}
{%- endmacro %}
