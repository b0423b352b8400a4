{# Where two engines read the landing folders differently. #}

{# All files `file` of one dataset; period and delivery come from the folders' names, as text. #}
{% macro read_landing(dataset, file) -%}
    {{ return(adapter.dispatch('read_landing', 'doudi')(dataset, file)) }}
{%- endmacro %}

{% macro default__read_landing(dataset, file) -%}
    read_parquet(
        {{ quoted(var('landing') ~ '/' ~ dataset ~ '/*/*/' ~ file ~ '.parquet') }},
        hive_partitioning = true,
        hive_types = {'period': 'STRING', 'delivery': 'STRING'},
        union_by_name = true
    )
{%- endmacro %}

{% macro spark__read_landing(dataset, file) -%}
    parquet.`{{ var('landing') }}/{{ dataset }}` with (pathGlobFilter = '{{ file }}.parquet', mergeSchema = 'true')
{%- endmacro %}

{# Every line of the ledger, all columns but the counts and lists as text; works while one of the folders is still empty. #}
{% macro read_ledger() -%}
    {{ return(adapter.dispatch('read_ledger', 'doudi')()) }}
{%- endmacro %}

{% macro ledger_columns() -%}
    {{ return({
        'delivery_id': 'STRING', 'dataset': 'STRING', 'period': 'STRING', 'part': 'STRING', 'part_code': 'STRING',
        'sequence': 'STRING', 'source_name': 'STRING', 'sha256': 'STRING', 'bytes': 'BIGINT', 'received_at': 'STRING',
        'encoding': 'STRING', 'format': 'STRING', 'rows_read': 'BIGINT', 'rows_accepted': 'BIGINT',
        'rows_quarantined': 'BIGINT', 'rows_duplicate': 'BIGINT', 'status': 'STRING', 'reason': 'STRING',
        'drift': text_list_type(), 'run_id': 'STRING', 'contract_version': 'STRING',
    }) }}
{%- endmacro %}

{% macro default__read_ledger() -%}
    {{ read_json_files(
        [var('landing') ~ '/*/*/*/delivery.json', var('quarantine') ~ '/*/delivery.json'], ledger_columns()
    ) }}
{%- endmacro %}

{% macro spark__read_ledger() -%}
    {{ json_records([var('landing'), var('quarantine')], ledger_columns(), 'delivery.json', 'true') }}
{%- endmacro %}

{# Every decision of a person on a held delivery; it lies beside the delivery's line. #}
{% macro read_decisions() -%}
    {{ return(adapter.dispatch('read_decisions', 'doudi')()) }}
{%- endmacro %}

{% macro decision_columns() -%}
    {{ return({
        'delivery_id': 'STRING', 'decision': 'STRING', 'decided_at': 'STRING', 'decided_by': 'STRING',
        'reason': 'STRING',
    }) }}
{%- endmacro %}

{% macro default__read_decisions() -%}
    {{ read_json_files([var('landing') ~ '/*/*/*/decision.json'], decision_columns()) }}
{%- endmacro %}

{% macro spark__read_decisions() -%}
    {{ json_records([var('landing')], decision_columns(), 'decision.json', 'true') }}
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
        columns = {{ duckdb_columns(columns) }}
    )
    {%- else -%}
    {{ no_rows(columns) }}
    {%- endif -%}
{%- endmacro %}

{# What people decided of numbers that are one person: a derived table (person_secret, canonical_secret). #}
{% macro read_person_aliases() -%}
    {{ return(adapter.dispatch('read_person_aliases', 'doudi')()) }}
{%- endmacro %}

{% macro person_alias_columns() -%}
    {{ return({'person_secret': 'STRING', 'canonical_secret': 'STRING'}) }}
{%- endmacro %}

{% macro default__read_person_aliases() -%}
    {%- if var('aliases') -%}
    read_json(
        {{ quoted(var('aliases')) }},
        format = 'newline_delimited',
        columns = {{ duckdb_columns(person_alias_columns()) }}
    )
    {%- else -%}
    {{ no_rows(person_alias_columns()) }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__read_person_aliases() -%}
    {%- if var('aliases') -%}
    {{ json_records([var('aliases')], person_alias_columns()) }}
    {%- else -%}
    {{ no_rows(person_alias_columns()) }}
    {%- endif -%}
{%- endmacro %}

{# What people did about alerts, as the journal tells it: a derived table, empty while nobody did anything. #}
{% macro read_case_steps() -%}
    {{ return(adapter.dispatch('read_case_steps', 'doudi')()) }}
{%- endmacro %}

{% macro case_step_columns() -%}
    {{ return({
        'kind': 'STRING', 'alert_no': 'STRING', 'sequence': 'BIGINT', 'event': 'STRING', 'case_state': 'STRING',
        'taken_at': 'TIMESTAMP', 'by_role': 'STRING', 'episode': 'INTEGER', 'finding': 'STRING',
        'action': 'STRING', 'effective_month': 'STRING', 'amount_recovered': 'DECIMAL(18, 2)',
        'verified_on': 'DATE', 'suspended_until': 'DATE', 'rule_id': 'STRING', 'town_code': 'STRING', 'until_month': 'DATE',
    }) }}
{%- endmacro %}

{% macro default__read_case_steps() -%}
    {%- if var('case_steps') -%}
    read_json(
        {{ quoted(var('case_steps')) }},
        format = 'newline_delimited',
        columns = {{ duckdb_columns(case_step_columns()) }}
    )
    {%- else -%}
    {{ no_rows(case_step_columns()) }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__read_case_steps() -%}
    {%- if var('case_steps') -%}
    {{ json_records([var('case_steps')], case_step_columns()) }}
    {%- else -%}
    {{ no_rows(case_step_columns()) }}
    {%- endif -%}
{%- endmacro %}

{# The columns of a file and their types, as DuckDB's reader takes them. #}
{% macro duckdb_columns(columns) -%}
    { {%- for name, type in columns.items() %}'{{ name }}': '{{ type }}'{{ ', ' if not loop.last }}{% endfor -%} }
{%- endmacro %}

{# On Spark: one row a JSON record below the given folders, in the files of a name; a record is a whole file or a line. #}
{% macro json_records(folders, columns, name='*', whole='false') -%}
    (
        {%- for folder in folders %}
        select record.* from (
            select from_json(
                value, '{% for name, type in columns.items() %}{{ name }} {{ type }}{{ ', ' if not loop.last }}{% endfor %}'
            ) as record
            from text.`{{ folder }}` with (
                wholetext = '{{ whole }}', pathGlobFilter = '{{ name }}', recursiveFileLookup = 'true'
            )
        )
        {%- if not loop.last %} union all{% endif %}
        {%- endfor %}
    )
{%- endmacro %}

{# A derived table of these columns that holds nothing. #}
{% macro no_rows(columns) -%}
    (select {% for name, type in columns.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} where false)
{%- endmacro %}

{# Records of a variable as a derived table of these columns: one scan, however many they are. #}
{% macro given_rows(records, columns) -%}
    {%- if records -%}
    (
        select {% for name, type in columns.items() %}cast({{ name }} as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}
        from (values
            {%- for record in records %}
            ({% for name in columns %}{{ literal(record[name]) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
            {%- endfor %}
        ) as given ({{ columns | join(', ') }})
    )
    {%- else -%}
    {{ no_rows(columns) }}
    {%- endif -%}
{%- endmacro %}

{# A text, number, truth or nothing as an SQL literal. #}
{% macro literal(value) -%}
    {{- quoted(value) if value is string else value | lower if value is number else 'null' -}}
{%- endmacro %}

{# A text as an SQL literal. #}
{% macro quoted(text) -%}
    {{ return(adapter.dispatch('quoted', 'doudi')(text)) }}
{%- endmacro %}

{% macro default__quoted(text) -%}
    {{ return("'" ~ (text | string | replace("'", "''")) ~ "'") }}
{%- endmacro %}

{% macro spark__quoted(text) -%}
    {{ return("'" ~ (text | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'") }}
{%- endmacro %}
