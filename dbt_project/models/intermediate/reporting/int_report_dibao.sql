{{ config(materialized='view') }}
with person_month as ( -- whoever is covered in two towns by one programme is one person, as in the flow

    select
        roster.month,
        roster.person_key,
        min(roster.town_code) as town_code,
        min(roster.household_key) as household_key,
        min(roster.delivery_id) as delivery_id,
        min({{ age_in_month('person.birth_date', 'roster.month') }}) as age,
        max(person.sex) as sex,
        max(case when certificate.is_valid then 1 else 0 end) as is_disabled,
        max(case when certificate.is_valid and certificate.grade in ('一级', '二级') then 1 else 0 end) as is_severe
    from {{ ref('int_roster_month') }} as roster
    inner join {{ ref('int_person') }} as person on roster.person_key = person.person_key
    left join {{ ref('int_certificate_month') }} as certificate
        on roster.person_key = certificate.person_key and roster.month = certificate.month
    where roster.holds and roster.programme in ('dibao', 'dibao_single')
    group by roster.month, roster.programme, roster.person_key

),

covered as (

    select
        *,
        case when age >= {{ parameter('statistics_elder_age', 'month') }} then 1 else 0 end as is_elderly,
        case when age < {{ parameter('adult_age', 'month') }} then 1 else 0 end as is_minor
    from person_month

),

register as ( -- counted apart by validity and place, not by person

    select town_code, valid_from, valid_to, count(*) as people
    from {{ ref('int_population_period') }}
    where status = '正常'
    group by town_code, valid_from, valid_to

)

select
    month,
    town_code,
    person_key,
    household_key,
    cast(null as string) as payment_no,
    delivery_id,
    {{ dibao_figures({
        'persons': '1',
        'elderly': 'is_elderly',
        'adults': '1 - is_elderly - is_minor',
        'minors': 'is_minor',
        'women': "case when sex = '女' then 1 else 0 end",
        'disabled': 'is_disabled',
        'severely_disabled': 'is_severe',
    }) }}
from covered
union all
select
    month,
    town_code,
    cast(null as string) as person_key,
    household_key,
    cast(null as string) as payment_no,
    delivery_id,
    {{ dibao_figures({'households': '1'}) }}
from {{ ref('int_household_month') }}
where holds and programme in ('dibao', 'dibao_single')
union all
select
    months.month,
    register.town_code,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    cast(null as string) as payment_no,
    cast(null as string) as delivery_id,
    {{ dibao_figures({'registered_population': 'register.people'}) }}
from register
inner join {{ ref('int_months') }} as months on {{ rules_in('register', 'months.month') }}
union all
select
    months.month,
    payment.town_code,
    payment.person_key,
    payment.household_key,
    payment.payment_no,
    payment.delivery_id,
    {{ dibao_figures({
        'spending': "case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end",
    }) }}
from {{ ref('int_payment') }} as payment
inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
where payment.result = '成功' and payment.programme in ('dibao', 'dibao_single')
