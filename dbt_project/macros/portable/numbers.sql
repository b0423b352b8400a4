{# Arithmetic that must give the same number to the cent on every engine. #}

{# Integer division of two whole numbers; truncates. #}
{% macro idiv(dividend, divisor) -%}
    {{ return(adapter.dispatch('idiv', 'doudi')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__idiv(dividend, divisor) -%}
    ((cast({{ dividend }} as bigint)) // (cast({{ divisor }} as bigint)))
{%- endmacro %}

{% macro spark__idiv(dividend, divisor) -%}
    ((cast({{ dividend }} as bigint)) div (cast({{ divisor }} as bigint)))
{%- endmacro %}

{# Yuan as whole cents. #}
{% macro cents(amount) -%}
    cast(({{ amount }}) * 100 as bigint)
{%- endmacro %}

{# Whole cents as yuan. #}
{% macro yuan(cents) -%}
    cast(cast({{ cents }} as decimal(18, 2)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}

{# Money divided by a whole number, rounded half up (away from zero) to the cent; empty when the divisor is below 1. #}
{% macro money_divided(amount, divisor) -%}
    case when {{ divisor }} >= 1 then
        case when {{ amount }} < 0
            then {{ yuan('-' ~ idiv('2 * ' ~ cents('-(' ~ amount ~ ')') ~ ' + ' ~ divisor, '2 * (' ~ divisor ~ ')')) }}
            else {{ yuan(idiv('2 * ' ~ cents(amount) ~ ' + ' ~ divisor, '2 * (' ~ divisor ~ ')')) }}
        end
    end
{%- endmacro %}

{# What share a part has of a whole, to six places, rounded half up; empty where there is no whole. #}
{% macro share(part, whole) -%}
    case when {{ whole }} > 0 then cast(
        cast({{ idiv('2000000 * (' ~ part ~ ') + ' ~ whole, '2 * (' ~ whole ~ ')') }} as decimal(18, 0))
        * cast(0.000001 as decimal(7, 6)) as decimal(9, 6)
    ) end
{%- endmacro %}

{# The quotient of two numbers as a double. #}
{% macro quotient(dividend, divisor) -%}
    (cast({{ dividend }} as double) / cast({{ divisor }} as double))
{%- endmacro %}

{# The lower (`-`) or upper (`+`) bound of Wilson's interval at 95 per cent about a share; empty where there is no whole. #}
{% macro wilson_bound(part, whole, sign) -%}
    case when {{ whole }} > 0 then cast((
        2 * ({{ part }}) + 3.841458820694124e0 {{ sign }} 1.959963984540054e0 * sqrt(
            3.841458820694124e0 + 4e0 * ({{ part }}) * ({{ whole }} - ({{ part }})) / ({{ whole }})
        )
    ) / (2 * ({{ whole }} + 3.841458820694124e0)) as decimal(9, 6)) end
{%- endmacro %}

{# A positive whole number divided by another, any remainder counting as one more. #}
{% macro divided_up(dividend, divisor) -%}
    {{ idiv('(' ~ dividend ~ ') + (' ~ divisor ~ ') - 1', divisor) }}
{%- endmacro %}

{# A positive whole number divided by another, halves rounded up. #}
{% macro divided_half_up(dividend, divisor) -%}
    {{ idiv('2 * (' ~ dividend ~ ') + (' ~ divisor ~ ')', '2 * (' ~ divisor ~ ')') }}
{%- endmacro %}

{# Money no less than `lowest` and no more than `highest`; empty stays empty. #}
{% macro within(lowest, amount, highest) -%}
    cast(
        case when {{ amount }} < {{ lowest }} then {{ lowest }} when {{ amount }} > {{ highest }} then {{ highest }} else {{ amount }} end
        as decimal(18, 2)
    )
{%- endmacro %}
