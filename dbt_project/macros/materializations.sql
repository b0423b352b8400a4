{# Tables and views of a build are made in their place: a build is a new file, so there is nothing to keep readable
   meanwhile. dbt's own way makes each beside, renames it and looks for leftovers, which costs more than most models. #}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {{ return(made_in_place('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb', supported_languages=['sql'] %}
    {{ return(made_in_place('view')) }}
{% endmaterialization %}

{% macro made_in_place(kind) %}
    {%- set relation = this.incorporate(type=kind) -%}
    {%- do drop_relation_if_exists(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, relation, compiled_code) if kind == 'table' else create_view_as(relation, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
