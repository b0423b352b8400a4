{# Months and days. A month is always the DATE of its first day. #}

{# One row a month, column `month`, from `first` to `last`; none when either is empty. #}
{% macro month_series(first, last) -%}
    {{ return(adapter.dispatch('month_series', 'doudi')(first, last)) }}
{%- endmacro %}

{% macro default__month_series(first, last) -%}
    (
        select cast(unnest(generate_series(cast({{ first }} as date), cast({{ last }} as date), interval 1 month)) as date) as month
    )
{%- endmacro %}

{% macro spark__month_series(first, last) -%}
    (select explode(sequence(cast({{ first }} as date), cast({{ last }} as date), interval 1 month)) as month)
{%- endmacro %}

{# The date `months` months later (earlier when negative); the day is cut to the month's last. #}
{% macro plus_months(day, months) -%}
    {{ return(adapter.dispatch('plus_months', 'doudi')(day, months)) }}
{%- endmacro %}

{% macro default__plus_months(day, months) -%}
    cast(({{ day }}) + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__plus_months(day, months) -%}
    cast(add_months({{ day }}, {{ months }}) as date)
{%- endmacro %}

{# The date `days` days later. #}
{% macro plus_days(day, days) -%}
    {{ return(adapter.dispatch('plus_days', 'doudi')(day, days)) }}
{%- endmacro %}

{% macro default__plus_days(day, days) -%}
    cast(({{ day }}) + to_days(cast({{ days }} as integer)) as date)
{%- endmacro %}

{% macro spark__plus_days(day, days) -%}
    cast(date_add({{ day }}, {{ days }}) as date)
{%- endmacro %}

{# Whole days from `earlier` to `later`. #}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between', 'doudi')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    date_diff('day', cast({{ earlier }} as date), cast({{ later }} as date))
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    datediff(cast({{ later }} as date), cast({{ earlier }} as date))
{%- endmacro %}

{# The month a day lies in. #}
{% macro month_of(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{# How many months from the month of `earlier` to the month of `later`. #}
{% macro months_between_starts(earlier, later) -%}
    ((extract(year from {{ later }}) - extract(year from {{ earlier }})) * 12
        + extract(month from {{ later }}) - extract(month from {{ earlier }}))
{%- endmacro %}

{# Whole years between the birth month and the month: the age of everyone born in that month, whatever the day. #}
{% macro age_in_month(birth_date, month) -%}
    {{ idiv(months_between_starts(birth_date, month), 12) }}
{%- endmacro %}

{# `YYYYMM` as a month; anything else is empty. #}
{% macro month_from_period(text) -%}
    try_cast(case when length({{ text }}) = 6 then substr({{ text }}, 1, 4) || '-' || substr({{ text }}, 5, 2) || '-01' end as date)
{%- endmacro %}

{# An ISO text with its offset as a UTC timestamp without zone; a plain cast would drop the offset on either engine. #}
{% macro utc_timestamp(text) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'doudi')(text)) }}
{%- endmacro %}

{% macro default__utc_timestamp(text) -%}
    make_timestamp(epoch_us(cast({{ text }} as timestamptz)))
{%- endmacro %}

{% macro spark__utc_timestamp(text) -%}
    cast(cast({{ text }} as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}

{# The day in Shanghai of a UTC timestamp: eight hours ahead, all year. #}
{% macro shanghai_day(moment) -%}
    cast({{ moment }} + interval '8' hour as date)
{%- endmacro %}
