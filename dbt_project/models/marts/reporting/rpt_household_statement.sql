with paid as (

    select
        month,
        coalesce(household_key, person_key) as subject_key,
        sum(paid_amount) as paid_amount
    from {{ ref('int_enrolment_month') }}
    where programme in ('dibao', 'dibao_single', 'extreme_poverty')
    group by month, coalesce(household_key, person_key)

),

helped as (

    select
        household.month,
        household.household_key,
        cast(null as string) as person_key,
        household.household_key as subject_key,
        household.programme,
        household.area_kind,
        household.member_count,
        household.covered_rows as covered_count,
        household.next_review_on,
        household.town_code,
        household.village_code,
        means.standard,
        means.income_per_capita,
        means.uplift_amount,
        case when household.programme = 'dibao' and household.status = '在享' then means.unrounded_amount end as unrounded_amount,
        means.entitled_amount,
        household.monthly_amount as recorded_amount
    from {{ ref('int_household_month') }} as household
    left join {{ ref('int_household_means_month') }} as means
        on household.month = means.month and household.household_key = means.household_key
    where household.holds
    union all
    select
        roster.month,
        cast(null as string) as household_key,
        roster.person_key,
        roster.person_key as subject_key,
        roster.programme,
        max(roster.area_kind) as area_kind,
        1 as member_count,
        1 as covered_count,
        min(roster.next_review_on) as next_review_on,
        max(roster.town_code) as town_code,
        max(roster.village_code) as village_code,
        cast(null as decimal(18, 2)) as standard,
        cast(null as decimal(18, 2)) as income_per_capita,
        cast(null as decimal(18, 2)) as uplift_amount,
        cast(null as decimal(18, 2)) as unrounded_amount,
        max(enrolment.entitled_amount) as entitled_amount,
        max(roster.monthly_amount) as recorded_amount
    from {{ ref('int_roster_month') }} as roster
    left join {{ ref('int_enrolment_month') }} as enrolment
        on roster.month = enrolment.month
        and roster.person_key = enrolment.person_key
        and enrolment.programme = 'extreme_poverty'
    where roster.holds and roster.programme = 'extreme_poverty'
    group by roster.month, roster.person_key, roster.programme

),

stated as (

    select
        helped.*,
        coalesce(paid.paid_amount, 0) as paid_amount,
        sum(coalesce(paid.paid_amount, 0)) over (
            partition by helped.subject_key, extract(year from helped.month)
            order by helped.month asc nulls last
            rows between unbounded preceding and current row
        ) as paid_to_date
    from helped
    left join paid on helped.month = paid.month and helped.subject_key = paid.subject_key

)

select
    cast(month as date) as month,
    cast(household_key as string) as household_key,
    cast(person_key as string) as person_key,
    cast(programme as string) as programme,
    cast(area_kind as string) as area_kind,
    cast(town_code as string) as town_code,
    cast(village_code as string) as village_code,
    cast(member_count as integer) as member_count,
    cast(covered_count as integer) as covered_count,
    cast(standard as decimal(18, 2)) as standard,
    cast(income_per_capita as decimal(18, 2)) as income_per_capita,
    cast(uplift_amount as decimal(18, 2)) as uplift_amount,
    cast(unrounded_amount as decimal(18, 2)) as unrounded_amount,
    cast(entitled_amount as decimal(18, 2)) as entitled_amount,
    cast(recorded_amount as decimal(18, 2)) as recorded_amount,
    cast(paid_amount as decimal(18, 2)) as paid_amount,
    cast(paid_to_date as decimal(18, 2)) as paid_to_date,
    cast(next_review_on as date) as next_review_on,
    cast(
        upper(substr({{ sha256_hex("'statement:' || subject_key || cast(month as string) || cast(paid_amount as string)") }}, 1, 8))
        as string
    ) as check_code
from stated
