-- Of a million registered people only those who are told apart by the months are counted apart.
with registered as (

    select
        register.valid_from,
        register.valid_to,
        {{ month_of('register.birth_date') }} as birth_month,
        death.died_month,
        count(*) as people
    from {{ ref('int_population_period') }} as register
    left join {{ ref('int_person_death') }} as death
        on register.person_key = death.person_key
        and register.name = death.name
        and death.source <> 'population' -- while the register says so, nobody is registered
    where register.status = '正常'
    group by register.valid_from, register.valid_to, {{ month_of('register.birth_date') }}, death.died_month

),

registered_month as (

    select months.month, registered.birth_month, registered.people
    from registered
    inner join {{ ref('int_months') }} as months on {{ rules_in('registered', 'months.month') }}
    where registered.died_month is null or registered.died_month >= months.month

)

-- What "population" in the catalogue counts; programme '' where the rule does not count by programme.
select 'holder' as population, programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds
group by programme, month
union all
select
    'low_income_subject' as population,
    programme,
    month,
    count(distinct coalesce(household_key, subject_person_key)) as people
from {{ ref('int_low_income_member_month') }}
group by programme, month
union all
select 'dibao_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds and programme in ('dibao', 'dibao_single')
group by month
union all
select 'dibao_edge_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds and programme = 'dibao_edge'
group by month
union all
select 'certificate_holder' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_certificate_month') }}
where is_valid
group by month
union all
select 'registered_elder' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_rules__registered') }}
where is_elder
group by month
union all
select 'registered_person' as population, '' as programme, month, sum(people) as people
from registered_month
group by month
union all
select 'registered_child' as population, '' as programme, month, sum(people) as people
from registered_month
where {{ age_in_month('birth_month', 'month') }} < {{ parameter('adult_age', 'month') }}
group by month
union all
select 'monitored_person' as population, '' as programme, delivery.month, count(distinct monitor.person_key) as people
from {{ ref('stg_rural_affairs__poverty_monitor') }} as monitor
inner join {{ ref('int_delivery_in_force') }} as delivery on monitor.delivery_id = delivery.delivery_id
where not monitor.risk_removed
group by delivery.month
union all
select 'payee' as population, '' as programme, benefit_month as month, count(distinct person_key) as people
from {{ ref('int_payment') }}
where result = '成功'
group by benefit_month
union all
select 'listed_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_rules__roster_listed') }}
group by month
