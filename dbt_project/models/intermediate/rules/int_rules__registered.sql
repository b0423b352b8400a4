-- registered(x, m), for the people several cover rules may find: elders, and holders of a valid certificate.
with start_age as ( -- the age from which the elder tariff pays

    select month, min(from_age) as years
    from {{ ref('int_rules__elder_tariff') }}
    where monthly_amount > 0
    group by month

),

elder as ( -- a first sieve, before people meet months

    select distinct person_key
    from {{ ref('int_population_period') }}
    where {{ plus_months('birth_date', '(select min(years) from start_age) * 12') }} < date '{{ var("as_of") }}'

),

asked as (

    select months.month, elder.person_key
    from elder
    cross join {{ ref('int_months') }} as months
    union
    select month, person_key from {{ ref('int_rules__certificate_holder') }}

),

registered as (

    select *, {{ celebrated_on('birth_date') }} as celebrated_on
    from {{ registered_among('asked') }}

),

aged as (

    select
        registered.*,
        {{ plus_months('registered.celebrated_on', 'start_age.years * 12') }} as elder_birthday
    from registered
    left join start_age on registered.month = start_age.month

)

select
    month,
    person_key,
    person_secret,
    id_no_status,
    name,
    name_folded,
    name_pattern,
    former_name,
    birth_date,
    elder_birthday,
    coalesce({{ month_of('elder_birthday') }} < month, false) as is_elder,
    town_code,
    village_code,
    received_at
from aged
