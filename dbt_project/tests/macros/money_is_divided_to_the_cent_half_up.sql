with expected as (
    {% for amount, divisor, quotient in [
        ('100', 3, '33.33'),
        ('200', 3, '66.67'),
        ('0.01', 2, '0.01'),
        ('-200', 3, '-66.67'),
        ('-0.01', 2, '-0.01'),
        ('0', 7, '0'),
        ('100', 0, 'null'),
    ] -%}
    select
        cast({{ amount }} as decimal(18, 2)) as amount,
        {{ divisor }} as divisor,
        cast({{ quotient }} as decimal(18, 2)) as quotient
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from expected
where {{ money_divided('amount', 'divisor') }} is distinct from quotient
