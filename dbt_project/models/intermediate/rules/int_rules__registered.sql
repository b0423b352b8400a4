-- registered(x, m), for the people a cover rule may find: elders and holders of a valid certificate.
with start_age as ( -- the age from which the elder tariff pays

    select month, min(from_age) as years
    from {{ ref('int_rules__elder_tariff') }}
    where monthly_amount > 0
    group by month

),

register as (

    select *, {{ celebrated_on('birth_date') }} as celebrated_on
    from {{ ref('int_population_period') }}
    where status = '正常'

),

asked_for as ( -- a first sieve, before people meet months

    select * from register
    where person_key in (select person_key from {{ ref('int_rules__certificate_holder') }})
        or {{ plus_months('celebrated_on', '(select min(years) from start_age) * 12') }} < date '{{ var("as_of") }}'

),

in_month as (

    select
        months.month,
        register.*,
        {{ plus_months('register.celebrated_on', 'start_age.years * 12') }} as elder_birthday
    from asked_for as register
    inner join {{ ref('int_months') }} as months
        on {{ rules_in('register', 'months.month') }}
    left join start_age on months.month = start_age.month

)

select
    in_month.month,
    in_month.person_key,
    in_month.id_no_status,
    in_month.name,
    in_month.name_folded,
    in_month.name_pattern,
    in_month.former_name,
    in_month.birth_date,
    in_month.elder_birthday,
    coalesce({{ month_of('in_month.elder_birthday') }} < in_month.month, false) as is_elder,
    in_month.town_code,
    in_month.village_code,
    in_month.received_at
from in_month
left join {{ ref('int_person_death') }} as death
    on in_month.person_key = death.person_key and in_month.name = death.name
left join {{ ref('int_rules__certificate_holder') }} as certificate
    on in_month.person_key = certificate.person_key and in_month.month = certificate.month
where (death.died_month is null or death.died_month >= in_month.month)
    and (certificate.person_key is not null or {{ month_of('in_month.elder_birthday') }} < in_month.month)
