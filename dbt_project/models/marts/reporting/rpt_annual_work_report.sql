{#- One list of figures: each is a year, a name, a programme (or none), a value and its unit. -#}
with flow as (

    select
        extract(year from month) as year,
        unit,
        programme,
        sum(new) as new,
        sum({{ adapter.quote('left') }}) as left_count,
        sum(case when month = last_month then closing else 0 end) as closing
    from (
        select *, max(month) over (partition by extract(year from month)) as last_month
        from {{ ref('rpt_programme_flow_monthly') }}
    ) as dated
    group by extract(year from month), unit, programme

),

payment as (

    select
        extract(year from benefit_month) as year,
        extract(month from benefit_month) as month_number,
        programme,
        case kind when '扣回' then -abs(amount) else amount end as amount
    from {{ ref('int_payment') }}
    where result = '成功' and benefit_month in (select month from {{ ref('int_months') }})

),

alert as (

    select extract(year from month) as year, *
    from {{ ref('rpt_alert_performance') }}

),

figure as (

    select
        extract(year from month) as year,
        'dibao_standard' as figure,
        '' as programme,
        max(value) as value,
        'yuan/person/month' as unit
    from {{ ref('int_parameter_month') }}
    where parameter = 'dibao_standard'
    group by extract(year from month)
    {% for name, column in [('at_end', 'closing'), ('newly_covered', 'new'), ('cleared_out', 'left_count')] -%}
    union all
    select
        year,
        unit || 's_{{ name }}' as figure,
        programme,
        {{ column }} as value,
        unit
    from flow
    {% endfor -%}
    union all
    select
        year,
        'money_paid' as figure,
        programme,
        sum(amount) as value,
        'yuan' as unit
    from payment
    group by year, programme
    union all
    select
        year,
        'elder_allowance_to_october' as figure,
        programme,
        sum(amount) as value,
        'yuan' as unit
    from payment
    where programme = 'elder_allowance' and month_number <= 10
    group by year, programme
    union all
    select
        extract(year from month) as year,
        'families_compared_online' as figure,
        '' as programme,
        count(distinct household_key) as value,
        'household' as unit
    from {{ ref('int_household_month') }}
    where holds
    group by extract(year from month)
    {% for name, column, unit in [
        ('alerts_found', 'detected', 'alert'), ('alerts_verified_offline', 'verified', 'alert'),
        ('alerts_true', adapter.quote('true'), 'alert'), ('money_recovered', 'recovered', 'yuan'),
    ] -%}
    union all
    select
        year,
        '{{ name }}' as figure,
        '' as programme,
        sum({{ column }}) as value,
        '{{ unit }}' as unit
    from alert
    group by year
    {% endfor %}

)

select
    cast(figure.year as integer) as year,
    cast(figure.figure as string) as figure,
    cast(figure.programme as string) as programme,
    cast(figure.value as decimal(18, 2)) as value,
    cast(figure.unit as string) as unit,
    cast(earlier.value as decimal(18, 2)) as value_last_year,
    cast({{ share(cents('figure.value'), cents('earlier.value')) }} - 1 as decimal(10, 6)) as growth
from figure
left join figure as earlier
    on figure.year = earlier.year + 1
    and figure.figure = earlier.figure
    and figure.programme = earlier.programme
