{# How well the names on a roster row and a source row of the same person fit.

   M1 equal normalised names, or a row without a name; M2 names equal after the variant table and without ·, or equal
   to a former name, or differing only where a character is damaged; M3 either of these, linked through an upgraded
   15-digit number or the first 18 characters of a certificate number. Empty: the names differ beyond M2.

   `roster` and `source` are aliases with name, name_folded, name_pattern, id_no_status; `source_prefix` and
   `roster_prefix` name a role, e.g. 'head_'; `former_name` and `by_certificate` are expressions. #}
{% macro match_grade(roster, source, former_name=none, by_certificate=none, roster_prefix='', source_prefix='') -%}
    {%- set roster_name = roster ~ '.' ~ roster_prefix ~ 'name' -%}
    {%- set source_name = source ~ '.' ~ source_prefix ~ 'name' -%}
    case
        when not ({{ names_fit(roster_name, source_name, former_name) }}) then null
        when {{ roster }}.{{ roster_prefix }}id_no_status = 'upgraded15'
            or {{ source }}.{{ source_prefix }}id_no_status = 'upgraded15'
            {%- if by_certificate %} or {{ by_certificate }}{% endif %} then 'M3'
        when {{ roster_name }} is null or {{ source_name }} is null or {{ roster_name }} = {{ source_name }} then 'M1'
        else 'M2'
    end
{%- endmacro %}

{# True where two names fit by M1 or M2; both expressions have siblings `…_folded` and `…_pattern`. #}
{% macro names_fit(left, right, former_name=none) -%}
    coalesce(
        {{ left }} is null or {{ right }} is null
        or {{ left }} = {{ right }}
        or {{ left }}_folded = {{ right }}_folded
        {%- if former_name %}
        or {{ left }} = {{ former_name }} or {{ right }} = {{ former_name }}
        {%- endif %}
        or {{ left }} like {{ right }}_pattern or {{ left }}_folded like {{ right }}_pattern
        or {{ right }} like {{ left }}_pattern or {{ right }}_folded like {{ left }}_pattern,
        false
    )
{%- endmacro %}
