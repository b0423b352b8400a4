-- What the macros of macros/portable promise, one line an idea: the engine's answer beside the one that every engine
-- has to give. A line that comes back is a difference that no model would show before its figures were wrong.
{%- set answers = [
    ('division of whole numbers truncates', idiv('-7', '2'), "'-3'"),
    ('a share is rounded half up', share('1', '8'), "'0.125000'"),
    ('two thirds', share('2', '3'), "'0.666667'"),
    ('no share of nothing', share('1', '0'), 'null'),
    ('money is rounded half up', money_divided('cast(10.01 as decimal(18, 2))', '2'), "'5.01'"),
    ('and away from zero', money_divided('cast(-10.01 as decimal(18, 2))', '2'), "'-5.01'"),
    ('no money for nobody', money_divided('cast(10 as decimal(18, 2))', '0'), 'null'),
    ('a month has no 31st', plus_months("date '2024-01-31'", '1'), "'2024-02-29'"),
    ('months back', plus_months("date '2024-03-31'", '-1'), "'2024-02-29'"),
    ('from the last of a short month', plus_months("date '2023-02-28'", '1'), "'2023-03-28'"),
    ('days', plus_days("date '2024-02-28'", '2'), "'2024-03-01'"),
    ('days between', days_between("date '2024-02-28'", "date '2024-03-01'"), "'2'"),
    ('days back', days_between("date '2024-03-01'", "date '2024-02-28'"), "'-2'"),
    ('a month begins on its first', month_of("date '2024-02-29'"), "'2024-02-01'"),
    ('age', age_in_month("date '1944-02-29'", "date '2024-02-01'"), "'80'"),
    ('a period', month_from_period("'202402'"), "'2024-02-01'"),
    ('no such month', month_from_period("'202413'"), 'null'),
    ('no period', month_from_period("'2024'"), 'null'),
    ('a moment is told in UTC',
        days_between("date '2024-01-01'", utc_timestamp("'2024-01-02T07:59:59+08:00'")), "'0'"),
    ('and its day in Shanghai', shanghai_day("timestamp '2024-01-01 16:00:00'"), "'2024-01-02'"),
    ('a hash is of the bytes in UTF-8', sha256_hex("'低保'"),
        "'6029fda00bb416847404ddca53b5fbc3a8a9f1dbbb097ab13e364b881e41c2c3'"),
    ('a hash of nothing', sha256_hex('cast(null as string)'), 'null'),
    ('JSON keeps what is empty and the order',
        json_object([('乙', 'cast(null as string)'), ('甲', "'a'"), ('数', 'cast(1.50 as decimal(18, 2))')]),
        "'{\"乙\":null,\"甲\":\"a\",\"数\":1.50}'"),
    ('a quotation mark', quoted("it's"), "'it' || chr(39) || 's'"),
    ('a broken character', is_damaged("'王�'"), "'true'"),
    ('a character of private use', is_damaged("'王\ue000'"), "'true'"),
    ('a sound name', is_damaged("'王明·阿依'"), "'false'"),
    ('length counts characters', "length('名与字')", "'3'"),
    ('a text and nothing is nothing', "'a' || cast(null as string)", 'null'),
    ('distinct texts in order', '(select ' ~ joined_values('given.word', '、')
        ~ " from (select 'b' as word union all select 'a' union all select 'a' union all select '乙') as given)",
        "'a、b、乙'"),
] %}

with answers as (

    {% for idea, found, expected in answers -%}
    select
        '{{ idea }}' as idea,
        cast({{ found }} as string) as found,
        cast({{ expected }} as string) as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select *
from answers
where found is distinct from expected
