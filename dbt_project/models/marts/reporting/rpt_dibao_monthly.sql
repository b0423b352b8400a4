with covered as (

    select
        roster.month,
        roster.town_code,
        roster.person_key,
        min({{ age_in_month('person.birth_date', 'roster.month') }}) as age,
        max(person.sex) as sex,
        max(case when certificate.is_valid then 1 else 0 end) as is_disabled,
        max(case when certificate.is_valid and certificate.grade in ('一级', '二级') then 1 else 0 end) as is_severe
    from {{ ref('int_roster_month') }} as roster
    inner join {{ ref('int_person') }} as person on roster.person_key = person.person_key
    left join {{ ref('int_certificate_month') }} as certificate
        on roster.person_key = certificate.person_key and roster.month = certificate.month
    where roster.holds and roster.programme in ('dibao', 'dibao_single')
    group by roster.month, roster.town_code, roster.person_key

),

register as ( -- counted apart by validity and place, not by person

    select town_code, valid_from, valid_to, count(*) as people
    from {{ ref('int_population_period') }}
    where status = '正常'
    group by town_code, valid_from, valid_to

),

counted as (

    select
        month,
        town_code,
        {{ dibao_figures({
            'persons': '1',
            'elderly': 'case when age >= ' ~ parameter('statistics_elder_age', 'month') ~ ' then 1 else 0 end',
            'minors': 'case when age < ' ~ parameter('adult_age', 'month') ~ ' then 1 else 0 end',
            'women': "case when sex = '女' then 1 else 0 end",
            'disabled': 'is_disabled',
            'severely_disabled': 'is_severe',
        }) }}
    from covered
    union all
    select
        month,
        town_code,
        {{ dibao_figures({'households': '1'}) }}
    from {{ ref('int_household_month') }}
    where holds and programme in ('dibao', 'dibao_single') and covered_rows > 0
    union all
    select
        months.month,
        register.town_code,
        {{ dibao_figures({'registered_population': 'register.people'}) }}
    from register
    inner join {{ ref('int_months') }} as months on {{ rules_in('register', 'months.month') }}
    union all
    select
        months.month,
        payment.town_code,
        {{ dibao_figures({
            'spending': "case payment.kind when '扣回' then -abs(payment.amount) else payment.amount end",
        }) }}
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_months') }} as months on payment.benefit_month = months.month
    where payment.result = '成功' and payment.programme in ('dibao', 'dibao_single')

),

monthly as (

    select
        month,
        town_code,
        sum(households) as households,
        sum(persons) as persons,
        sum(elderly) as elderly,
        sum(minors) as minors,
        sum(women) as women,
        sum(disabled) as disabled,
        sum(severely_disabled) as severely_disabled,
        sum(registered_population) as registered_population,
        sum(spending) as spending
    from counted
    group by month, town_code

),

running as (

    select
        *,
        sum(persons) over year_so_far as person_months_to_date,
        sum(spending) over year_so_far as spending_to_date
    from monthly
    window year_so_far as (
        partition by town_code, extract(year from month) order by month asc nulls last
        rows between unbounded preceding and current row
    )

)

select
    cast(running.month as date) as month,
    cast(running.town_code as string) as town_code,
    cast(region.name as string) as town_name,
    cast(running.registered_population as bigint) as registered_population,
    cast(running.households as bigint) as households,
    cast(running.persons as bigint) as persons,
    {{ share('running.persons', 'running.registered_population') }} as share_of_registered,
    cast(running.person_months_to_date as bigint) as person_months_to_date,
    cast(running.elderly as bigint) as elderly,
    cast(running.persons - running.elderly - running.minors as bigint) as adults,
    cast(running.minors as bigint) as minors,
    cast(running.women as bigint) as women,
    cast(running.disabled as bigint) as disabled,
    cast(running.severely_disabled as bigint) as severely_disabled,
    cast(running.spending as decimal(18, 2)) as spending,
    cast(running.spending_to_date as decimal(18, 2)) as spending_to_date,
    cast({{ money_divided('running.spending', 'running.persons') }} as decimal(18, 2)) as spending_per_person,
    cast(
        {{ money_divided('running.spending_to_date', 'running.person_months_to_date') }} as decimal(18, 2)
    ) as spending_per_person_to_date,
    cast({{ parameter('dibao_standard', 'running.month') }} as decimal(18, 2)) as standard
from running
left join {{ ref('int_regions') }} as region on running.town_code = region.region_code
