{# Fills a seed's table on Spark from one text for ten thousand rows: the adapter's own statement has an expression for every
   cell, which takes minutes to read for a calendar, and does not mask a quotation mark. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set statements = [] -%}
    {%- for batch_of_rows in agate_table.rows | batch(10000) -%}
        {%- set rows = [] -%}
        {%- for row in batch_of_rows -%}
            {%- set cells = [] -%}
            {%- for cell in row -%}{%- do cells.append(none if cell is none else cell | string) -%}{%- endfor -%}
            {%- do rows.append(cells) -%}
        {%- endfor -%}
        {%- set statement -%}
            insert into {{ this }}
            select
                {%- for name in agate_table.column_names %}
                cast(cells[{{ loop.index0 }}] as {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}){{ ',' if not loop.last }}
                {%- endfor %}
            from (select explode(from_json({{ quoted(tojson(rows)) }}, 'array<array<string>>')) as cells)
        {%- endset -%}
        {%- do adapter.add_query(statement, abridge_sql_log=True) -%}
        {%- do statements.append(statement) -%}
    {%- endfor -%}
    {{ return(statements | first) }}
{%- endmacro %}
