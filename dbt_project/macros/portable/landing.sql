{# Where two engines read the landing folders differently. #}

{# All files `file` of one dataset; period and delivery come from the folders' names, as text. #}
{% macro read_landing(dataset, file) -%}
    {{ return(adapter.dispatch('read_landing', 'doudi')(dataset, file)) }}
{%- endmacro %}

{% macro default__read_landing(dataset, file) -%}
    read_parquet(
        {{ quoted(var('landing') ~ '/' ~ dataset ~ '/*/*/' ~ file ~ '.parquet') }},
        hive_partitioning = true,
        hive_types = {'period': 'VARCHAR', 'delivery': 'VARCHAR'},
        union_by_name = true
    )
{%- endmacro %}

{% macro spark__read_landing(dataset, file) -%}
    parquet.`{{ var('landing') }}/{{ dataset }}/*/*/{{ file }}.parquet`
{%- endmacro %}

{# Every line of the ledger, all columns but the counts and lists as text; works while one of the folders is still empty. #}
{% macro read_ledger() -%}
    {{ return(adapter.dispatch('read_ledger', 'doudi')()) }}
{%- endmacro %}

{% macro ledger_columns() -%}
    {{ return({
        'delivery_id': 'VARCHAR', 'dataset': 'VARCHAR', 'period': 'VARCHAR', 'part': 'VARCHAR', 'part_code': 'VARCHAR',
        'source_name': 'VARCHAR', 'sha256': 'VARCHAR', 'bytes': 'BIGINT', 'received_at': 'VARCHAR',
        'encoding': 'VARCHAR', 'format': 'VARCHAR', 'rows_read': 'BIGINT', 'rows_accepted': 'BIGINT',
        'rows_quarantined': 'BIGINT', 'rows_duplicate': 'BIGINT', 'status': 'VARCHAR', 'reason': 'VARCHAR',
        'drift': text_list_type(), 'run_id': 'VARCHAR', 'contract_version': 'VARCHAR',
    }) }}
{%- endmacro %}

{% macro default__read_ledger() -%}
    {{ read_json_files(
        [var('landing') ~ '/*/*/*/delivery.json', var('quarantine') ~ '/*/delivery.json'], ledger_columns()
    ) }}
{%- endmacro %}

{# Every decision of a person on a held delivery; it lies beside the delivery's line. #}
{% macro read_decisions() -%}
    {{ return(adapter.dispatch('read_decisions', 'doudi')()) }}
{%- endmacro %}

{% macro decision_columns() -%}
    {{ return({
        'delivery_id': 'VARCHAR', 'decision': 'VARCHAR', 'decided_at': 'VARCHAR', 'decided_by': 'VARCHAR',
        'reason': 'VARCHAR',
    }) }}
{%- endmacro %}

{% macro default__read_decisions() -%}
    {{ read_json_files([var('landing') ~ '/*/*/*/decision.json'], decision_columns()) }}
{%- endmacro %}

{# One row a JSON file that fits one of the patterns; no row, but every column, where none does. #}
{% macro read_json_files(patterns, columns) -%}
    {%- set found = [] -%}
    {%- if execute and var('landing') -%}
        {%- for pattern in patterns -%}
            {%- if run_query("select count(*) from glob(" ~ quoted(pattern) ~ ")").rows[0][0] > 0 -%}
                {%- do found.append(quoted(pattern)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if found -%}
    read_json(
        [{{ found | join(', ') }}],
        hive_partitioning = false,
        columns = { {%- for name, type in columns.items() %}'{{ name }}': '{{ type }}'{{ ', ' if not loop.last }}{% endfor -%} }
    )
    {%- else -%}
    (select {% for name, type in columns.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} where false)
    {%- endif -%}
{%- endmacro %}

{# What people decided of numbers that are one person: a derived table (person_secret, canonical_secret). #}
{% macro read_person_aliases() -%}
    {{ return(adapter.dispatch('read_person_aliases', 'doudi')()) }}
{%- endmacro %}

{% macro default__read_person_aliases() -%}
    {%- if var('aliases') -%}
    read_json(
        {{ quoted(var('aliases')) }},
        format = 'newline_delimited',
        columns = {'person_secret': 'VARCHAR', 'canonical_secret': 'VARCHAR'}
    )
    {%- else -%}
    (select cast(null as varchar) as person_secret, cast(null as varchar) as canonical_secret where false)
    {%- endif -%}
{%- endmacro %}

{% macro spark__read_person_aliases() -%}
    {%- if var('aliases') -%}
    json.`{{ var('aliases') }}`
    {%- else -%}
    (select cast(null as string) as person_secret, cast(null as string) as canonical_secret where false)
    {%- endif -%}
{%- endmacro %}

{# What people did about alerts, as the journal tells it: a derived table, empty while nobody did anything. #}
{% macro read_case_steps() -%}
    {{ return(adapter.dispatch('read_case_steps', 'doudi')()) }}
{%- endmacro %}

{% macro case_step_columns() -%}
    {{ return({
        'alert_no': 'VARCHAR', 'sequence': 'BIGINT', 'event': 'VARCHAR', 'case_state': 'VARCHAR',
        'taken_at': 'TIMESTAMP', 'by_role': 'VARCHAR', 'episode': 'INTEGER', 'finding': 'VARCHAR',
        'action': 'VARCHAR', 'effective_month': 'VARCHAR', 'amount_recovered': 'DECIMAL(18, 2)',
        'verified_on': 'DATE', 'rule_id': 'VARCHAR', 'town_code': 'VARCHAR', 'until_month': 'DATE',
    }) }}
{%- endmacro %}

{% macro no_case_steps() -%}
    (select {% for name, type in case_step_columns().items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} where false)
{%- endmacro %}

{% macro default__read_case_steps() -%}
    {%- if var('case_steps') -%}
    read_json(
        {{ quoted(var('case_steps')) }},
        format = 'newline_delimited',
        columns = { {%- for name, type in case_step_columns().items() %}'{{ name }}': '{{ type }}'{{ ', ' if not loop.last }}{% endfor -%} }
    )
    {%- else -%}
    {{ no_case_steps() }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__read_case_steps() -%}
    {%- if var('case_steps') -%} json.`{{ var('case_steps') }}` {%- else -%} {{ no_case_steps() }} {%- endif -%}
{%- endmacro %}

{# A text as an SQL literal. #}
{% macro quoted(text) -%}
    {{ return("'" ~ (text | string | replace("'", "''")) ~ "'") }}
{%- endmacro %}
