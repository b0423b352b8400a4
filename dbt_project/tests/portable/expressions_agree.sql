-- What the macros of macros/portable promise, one line an idea: the engine's answer beside the one that every engine
-- has to give. A line that comes back is a difference that no model would show before its figures were wrong.
with answers as (

    select 'division of whole numbers truncates' as idea, cast({{ idiv('-7', '2') }} as string) as found, '-3' as expected
    union all
    select 'a share is rounded half up', cast({{ share('1', '8') }} as string), '0.125000'
    union all
    select 'two thirds', cast({{ share('2', '3') }} as string), '0.666667'
    union all
    select 'no share of nothing', cast({{ share('1', '0') }} as string), null
    union all
    select 'money is rounded half up', cast({{ money_divided('cast(10.01 as decimal(18, 2))', '2') }} as string), '5.01'
    union all
    select 'and away from zero', cast({{ money_divided('cast(-10.01 as decimal(18, 2))', '2') }} as string), '-5.01'
    union all
    select 'no money for nobody', cast({{ money_divided('cast(10 as decimal(18, 2))', '0') }} as string), null
    union all
    select 'a month has no 31st', cast({{ plus_months("date '2024-01-31'", '1') }} as string), '2024-02-29'
    union all
    select 'months back', cast({{ plus_months("date '2024-03-31'", '-1') }} as string), '2024-02-29'
    union all
    select 'from the last of a short month', cast({{ plus_months("date '2023-02-28'", '1') }} as string), '2023-03-28'
    union all
    select 'days', cast({{ plus_days("date '2024-02-28'", '2') }} as string), '2024-03-01'
    union all
    select 'days between', cast({{ days_between("date '2024-02-28'", "date '2024-03-01'") }} as string), '2'
    union all
    select 'days back', cast({{ days_between("date '2024-03-01'", "date '2024-02-28'") }} as string), '-2'
    union all
    select 'a month begins on its first', cast({{ month_of("date '2024-02-29'") }} as string), '2024-02-01'
    union all
    select 'age', cast({{ age_in_month("date '1944-02-29'", "date '2024-02-01'") }} as string), '80'
    union all
    select 'a period', cast({{ month_from_period("'202402'") }} as string), '2024-02-01'
    union all
    select 'no such month', cast({{ month_from_period("'202413'") }} as string), null
    union all
    select 'no period', cast({{ month_from_period("'2024'") }} as string), null
    union all
    select
        'a moment is told in UTC',
        cast({{ days_between("date '2024-01-01'", utc_timestamp("'2024-01-02T07:59:59+08:00'")) }} as string),
        '0'
    union all
    select 'and its day in Shanghai', cast({{ shanghai_day("timestamp '2024-01-01 16:00:00'") }} as string), '2024-01-02'
    union all
    select
        'a hash is of the bytes in UTF-8',
        {{ sha256_hex("'低保'") }},
        '6029fda00bb416847404ddca53b5fbc3a8a9f1dbbb097ab13e364b881e41c2c3'
    union all
    select 'a hash of nothing', {{ sha256_hex('cast(null as string)') }}, null
    union all
    select
        'JSON keeps what is empty and the order',
        {{ json_object([('乙', "cast(null as string)"), ('甲', "'a'"), ('数', 'cast(1.50 as decimal(18, 2))')]) }},
        '{"乙":null,"甲":"a","数":1.50}'
    union all
    select 'a quotation mark', {{ quoted("it's") }}, 'it' || chr(39) || 's'
    union all
    select 'a broken character', cast({{ is_damaged("'王�'") }} as string), 'true'
    union all
    select 'a character of private use', cast({{ is_damaged("'王\ue000'") }} as string), 'true'
    union all
    select 'a sound name', cast({{ is_damaged("'王明·阿依'") }} as string), 'false'
    union all
    select 'length counts characters', cast(length('殷素素') as string), '3'
    union all
    select 'a text and nothing is nothing', 'a' || cast(null as string), null

),

joined as (

    select 'distinct texts in order' as idea, {{ joined_values('given.word', '、') }} as found, 'a、b、乙' as expected
    from (
        select 'b' as word
        union all
        select 'a'
        union all
        select 'a'
        union all
        select cast(null as string)
        union all
        select '乙'
    ) as given

)

select * from answers
where found is distinct from expected
union all
select * from joined
where found is distinct from expected
