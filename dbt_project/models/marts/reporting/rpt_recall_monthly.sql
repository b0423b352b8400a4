-- Households that were found, as far as answers bear them out, beside those the month's sample lets expect among the
-- others. The interval is the sample's alone: the others are many, and few of them are asked.
with household as (

    select distinct month, household_key
    from {{ ref('int_household_month') }}
    where holds

),

found as (

    select
        household.month,
        household.household_key,
        max(case when answer.finding in ('属实', '部分属实') then 1 when answer.finding = '不属实' then 0 end) as is_true
    from household
    inner join {{ ref('fct_alert') }} as alert
        on household.household_key = alert.household_key
        and household.month >= alert.first_month
        and household.month <= alert.last_month
    left join {{ ref('int_case_answer') }} as answer on alert.alert_no = answer.alert_no
    group by household.month, household.household_key

),

counted as (

    select
        household.month,
        count(*) as households,
        count(found.household_key) as alerted,
        count(found.is_true) as alerted_answered,
        coalesce(sum(found.is_true), 0) as alerted_true
    from household
    left join found on household.month = found.month and household.household_key = found.household_key
    group by household.month

),

sampled as (

    select
        month,
        count(*) as drawn,
        sum(case when finding in ('属实', '部分属实', '不属实') then 1 else 0 end) as answered,
        sum(case when finding in ('属实', '部分属实') then 1 else 0 end) as missed
    from {{ ref('fct_sample_visit') }}
    group by month

),

estimated as (

    select
        counted.*,
        counted.households - counted.alerted as others,
        coalesce(sampled.drawn, 0) as drawn,
        coalesce(sampled.answered, 0) as answered,
        coalesce(sampled.missed, 0) as missed,
        cast({{ share('counted.alerted_true', 'counted.alerted_answered') }} as double) * counted.alerted as found_true
    from counted
    left join sampled on counted.month = sampled.month

)

select
    cast(month as date) as month,
    cast(households as bigint) as households,
    cast(alerted as bigint) as alerted,
    cast(alerted_answered as bigint) as alerted_answered,
    cast(alerted_true as bigint) as alerted_true,
    cast(drawn as bigint) as drawn,
    cast(answered as bigint) as answered,
    cast(missed as bigint) as missed,
    {% for name, share in [
        ('recall', share('missed', 'answered')),
        ('recall_low', wilson_bound('missed', 'answered', '+')),
        ('recall_high', wilson_bound('missed', 'answered', '-')),
    ] -%}
    case when found_true > 0
        then cast({{ quotient('found_true', 'found_true + others * cast(' ~ share ~ ' as double)') }} as decimal(9, 6))
    end as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from estimated
