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
    union all
    select year, case unit when 'household' then 'households_at_end' else 'persons_at_end' end, programme, closing, unit
    from flow
    union all
    select year, case unit when 'household' then 'households_newly_covered' else 'persons_newly_covered' end, programme, new, unit
    from flow
    union all
    select year, case unit when 'household' then 'households_cleared_out' else 'persons_cleared_out' end, programme, left_count, unit
    from flow
    union all
    select
        extract(year from payment.benefit_month),
        'money_paid',
        payment.programme,
        sum(case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end),
        'yuan'
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
    where payment.result = '成功'
    group by extract(year from payment.benefit_month), payment.programme
    union all
    select
        extract(year from payment.benefit_month),
        'elder_allowance_to_october',
        'elder_allowance',
        sum(case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end),
        'yuan'
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
    where payment.result = '成功'
        and payment.programme = 'elder_allowance'
        and extract(month from payment.benefit_month) <= 10
    group by extract(year from payment.benefit_month)
    union all
    select extract(year from month), 'families_compared_online', '', count(distinct household_key), 'household'
    from {{ ref('int_household_month') }}
    where holds
    group by extract(year from month)
    union all
    select extract(year from month), 'alerts_found', '', sum(detected), 'alert'
    from {{ ref('rpt_alert_performance') }}
    group by extract(year from month)
    union all
    select extract(year from month), 'alerts_verified_offline', '', sum(verified), 'alert'
    from {{ ref('rpt_alert_performance') }}
    group by extract(year from month)
    union all
    select extract(year from month), 'alerts_true', '', sum({{ adapter.quote('true') }}), 'alert'
    from {{ ref('rpt_alert_performance') }}
    group by extract(year from month)
    union all
    select extract(year from month), 'money_recovered', '', sum(recovered), 'yuan'
    from {{ ref('rpt_alert_performance') }}
    group by extract(year from month)

)

select
    cast(figure.year as integer) as year,
    cast(figure.figure as varchar) as figure,
    cast(figure.programme as varchar) as programme,
    cast(figure.value as decimal(18, 2)) as value,
    cast(figure.unit as varchar) as unit,
    cast(earlier.value as decimal(18, 2)) as value_last_year,
    cast(
        case when earlier.value > 0 then 100.0 * (figure.value - earlier.value) / earlier.value end as decimal(12, 2)
    ) as growth_percent
from figure
left join figure as earlier
    on figure.year = earlier.year + 1
    and figure.figure = earlier.figure
    and figure.programme = earlier.programme
