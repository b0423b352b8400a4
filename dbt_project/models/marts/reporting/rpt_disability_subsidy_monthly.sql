with paid as (

    select
        person_key,
        programme,
        benefit_month as month,
        sum(case kind when '扣回' then -abs(amount) else amount end) as paid_amount
    from {{ ref('int_payment') }}
    where result = '成功' and programme in ('disability_living', 'disability_nursing')
    group by person_key, programme, benefit_month

)

select
    cast(roster.month as date) as month,
    cast(roster.town_code as varchar) as town_code,
    cast(max(region.name) as varchar) as town_name,
    cast(roster.programme as varchar) as programme,
    cast(coalesce(roster.tier, '') as varchar) as tier,
    cast(coalesce(roster.disability_category, '') as varchar) as disability_category,
    cast(coalesce(roster.disability_grade, '') as varchar) as disability_grade,
    cast(count(distinct roster.person_key) as bigint) as persons,
    cast(sum(coalesce(roster.monthly_amount, 0)) as decimal(18, 2)) as recorded_amount,
    cast(sum(coalesce(paid.paid_amount, 0)) as decimal(18, 2)) as paid_amount
from {{ ref('int_roster_month') }} as roster
left join paid
    on roster.person_key = paid.person_key and roster.programme = paid.programme and roster.month = paid.month
left join {{ ref('int_regions') }} as region on roster.town_code = region.region_code
where roster.holds and roster.programme in ('disability_living', 'disability_nursing')
group by
    roster.month, roster.town_code, roster.programme, roster.tier, roster.disability_category, roster.disability_grade
