{#- One list of figures: each is a year, a name, a programme (or none), a value and its unit. -#}
-- A month counts in its year, and in the next one as the same month of the year before, so that like stands beside
-- like: a year that is not over beside the same months, and beside nothing where one of them was not recorded.
with alike as (

    select extract(year from now.month) as year
    from {{ ref('int_months') }} as now
    left join {{ ref('int_months') }} as before on before.month = {{ plus_months('now.month', -12) }}
    group by extract(year from now.month)
    having count(before.month) = count(*)

),

counted_in as (

    select extract(year from month) as year, 0 as years_back, month, month as counted_month
    from {{ ref('int_months') }}
    union all
    select extract(year from month) as year, 1 as years_back, month, {{ plus_months('month', -12) }} as counted_month
    from {{ ref('int_months') }}
    where extract(year from month) in (select year from alike)

),

period as (

    select *, month = max(month) over (partition by year) as is_last
    from counted_in

),

flow as (

    select
        period.year,
        period.years_back,
        flow.unit,
        flow.programme,
        sum(flow.new) as new,
        sum(flow.{{ adapter.quote('left') }}) as left_count,
        sum(case when period.is_last then flow.closing else 0 end) as closing
    from period
    inner join {{ ref('rpt_programme_flow_monthly') }} as flow on period.counted_month = flow.month
    group by period.year, period.years_back, flow.unit, flow.programme

),

payment as (

    select
        period.year,
        period.years_back,
        payment.programme,
        extract(month from payment.benefit_month) as month_number,
        case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end as amount
    from period
    inner join {{ ref('int_payment') }} as payment on period.counted_month = payment.benefit_month
    where payment.result = '成功'

),

alert as (

    select period.year, period.years_back, alert.*
    from period
    inner join {{ ref('rpt_alert_performance') }} as alert on period.counted_month = alert.month

),

last_month as ( -- what the law said a year before is known, whether or not that year was recorded

    select year, 0 as years_back, month as counted_month
    from period
    where is_last and years_back = 0
    union all
    select year, 1 as years_back, {{ plus_months('month', -12) }} as counted_month
    from period
    where is_last and years_back = 0

),

figure as (

    select
        last_month.year,
        last_month.years_back,
        'dibao_standard' as figure,
        '' as programme,
        policy.value,
        'yuan/person/month' as unit
    from last_month
    inner join {{ ref('dim_parameter') }} as policy
        on policy.valid_from <= last_month.counted_month
        and (policy.valid_to is null or policy.valid_to > last_month.counted_month)
    where policy.parameter = 'dibao_standard'
    {% for name, column in [('at_end', 'closing'), ('newly_covered', 'new'), ('cleared_out', 'left_count')] -%}
    union all
    select
        year,
        years_back,
        unit || 's_{{ name }}' as figure,
        programme,
        {{ column }} as value,
        unit
    from flow
    {% endfor -%}
    union all
    select
        period.year,
        period.years_back,
        'low_income_persons_at_end' as figure,
        '' as programme,
        count(distinct roster.person_key) as value,
        'person' as unit
    from period
    inner join {{ ref('int_roster_month') }} as roster on period.counted_month = roster.month
    inner join {{ ref('programmes') }} as programme on roster.programme = programme.programme
    where period.is_last and roster.holds and programme.is_low_income
    group by period.year, period.years_back
    union all
    select
        year,
        years_back,
        'money_paid' as figure,
        programme,
        sum(amount) as value,
        'yuan' as unit
    from payment
    group by year, years_back, programme
    union all
    select
        year,
        years_back,
        'elder_allowance_to_october' as figure,
        programme,
        sum(amount) as value,
        'yuan' as unit
    from payment
    where programme = 'elder_allowance' and month_number <= 10
    group by year, years_back, programme
    union all
    select
        period.year,
        period.years_back,
        'families_compared_online' as figure,
        '' as programme,
        count(distinct asset_check.household_key) as value,
        'household' as unit
    from period
    inner join {{ ref('stg_verification_centre__asset_check') }} as asset_check
        on period.counted_month = {{ month_of('asset_check.checked_on') }}
    group by period.year, period.years_back
    union all
    select
        period.year,
        period.years_back,
        'families_verified_offline' as figure,
        '' as programme,
        count(distinct coalesce(alert.household_key, alert.person_key)) as value,
        'household' as unit
    from period
    inner join {{ ref('fct_alert') }} as alert on period.counted_month = alert.first_month
    inner join {{ ref('int_case_answer') }} as answer on alert.alert_no = answer.alert_no
    where answer.finding is not null
    group by period.year, period.years_back
    {% for name, column, unit in [
        ('alerts_found', 'detected', 'alert'), ('alerts_verified_offline', 'verified', 'alert'),
        ('alerts_true', adapter.quote('true'), 'alert'), ('money_recovered', 'recovered', 'yuan'),
    ] -%}
    union all
    select
        year,
        years_back,
        '{{ name }}' as figure,
        '' as programme,
        sum({{ column }}) as value,
        '{{ unit }}' as unit
    from alert
    group by year, years_back
    {% endfor %}

),

beside as (

    select
        year,
        figure,
        programme,
        unit,
        coalesce(sum(case when years_back = 0 then value end), 0) as value,
        case
            when figure = 'dibao_standard' then sum(case when years_back = 1 then value end)
            when year in (select year from alike) then coalesce(sum(case when years_back = 1 then value end), 0)
        end as value_last_year
    from figure
    group by year, figure, programme, unit

)

select
    cast(year as integer) as year,
    cast(figure as string) as figure,
    cast(programme as string) as programme,
    cast(value as decimal(18, 2)) as value,
    cast(unit as string) as unit,
    cast(value_last_year as decimal(18, 2)) as value_last_year,
    cast({{ share(cents('value'), cents('value_last_year')) }} - 1 as decimal(10, 6)) as growth
from beside
