with monthly as (

    select
        month,
        town_code,
        sum(households) as households,
        sum(persons) as persons,
        sum(elderly) as elderly,
        sum(adults) as adults,
        sum(minors) as minors,
        sum(women) as women,
        sum(disabled) as disabled,
        sum(severely_disabled) as severely_disabled,
        sum(registered_population) as registered_population,
        sum(spending) as spending
    from {{ ref('int_report_dibao') }}
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
    cast(running.adults as bigint) as adults,
    cast(running.minors as bigint) as minors,
    cast(running.women as bigint) as women,
    cast(running.disabled as bigint) as disabled,
    cast(running.severely_disabled as bigint) as severely_disabled,
    cast(running.spending as decimal(18, 2)) as spending,
    cast(cast(running.spending as decimal(18, 2)) * cast(0.0001 as decimal(5, 4)) as decimal(18, 6)) as spending_ten_thousands,
    cast(running.spending_to_date as decimal(18, 2)) as spending_to_date,
    cast({{ money_divided('running.spending', 'running.persons') }} as decimal(18, 2)) as spending_per_person,
    cast(
        {{ money_divided('running.spending_to_date', 'running.person_months_to_date') }} as decimal(18, 2)
    ) as spending_per_person_to_date,
    cast({{ parameter('dibao_standard', 'running.month') }} as decimal(18, 2)) as standard
from running
left join {{ ref('int_regions') }} as region on running.town_code = region.region_code
