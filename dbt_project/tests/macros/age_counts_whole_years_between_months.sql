with expected as (
    {% for born, month, age in [
        ('1941-03-31', '2021-03-01', 80),
        ('1941-03-31', '2021-02-01', 79),
        ('1941-03-01', '2022-02-01', 80),
        ('1920-02-29', '2021-02-01', 101),
        ('2021-01-15', '2021-01-01', 0),
    ] -%}
    select
        date '{{ born }}' as born,
        date '{{ month }}' as month,
        {{ age }} as age
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from expected
where {{ age_in_month('born', 'month') }} <> age
