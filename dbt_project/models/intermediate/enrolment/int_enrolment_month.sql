with ranked as (
    select
        roster.*,
        row_number() over (
            partition by roster.month, roster.household_key order by roster.person_secret nulls last
        ) as position,
        person.birth_date as known_birth_date
    from {{ ref('int_roster_month') }} as roster
    left join {{ ref('int_person') }} as person on roster.person_key = person.person_key
),

aged as (
    select
        ranked.*,
        {{ age_in_month('ranked.known_birth_date', 'ranked.month') }} as age,
        -- What can join nothing is empty, so that every join below is one of equal keys.
        case when ranked.programme = 'elder_allowance' then ranked.month end as elder_month,
        case when ranked.programme in ('dibao', 'dibao_single') then ranked.household_key end as dibao_household_key,
        household.covered_rows,
        means.entitled_amount as household_entitled_amount
    from ranked
    left join {{ ref('int_household_month') }} as household
        on ranked.month = household.month and ranked.household_key = household.household_key
    left join {{ ref('int_household_means_month') }} as means
        on ranked.month = means.month and ranked.household_key = means.household_key
)

select
    aged.month,
    aged.programme,
    aged.person_key,
    aged.household_key,
    aged.status,
    aged.holds,
    aged.age,
    elder.age_band,
    aged.tier,
    aged.kind,
    aged.start_month,
    aged.end_month,
    aged.town_code,
    aged.village_code,
    aged.delivery_id,
    aged.is_carried,
    cast(case
        when not aged.holds then 0
        when aged.programme = 'elder_allowance' and aged.age is not null then coalesce(elder.tariff, 0)
        when aged.programme = 'dibao' and aged.household_entitled_amount is not null
            then {{ share_of('aged.household_entitled_amount', 'aged.covered_rows', 'aged.position') }}
        when aged.monthly_amount < 0 then 0
        else aged.monthly_amount
    end as decimal(18, 2)) as entitled_amount,
    cast(aged.monthly_amount as decimal(18, 2)) as recorded_amount,
    cast(coalesce(
        case
            when aged.programme in ('dibao', 'dibao_single')
                then {{ share_of('household_paid.paid_amount', 'aged.covered_rows', 'aged.position') }}
            else person_paid.paid_amount
        end, 0
    ) as decimal(18, 2)) as paid_amount
from aged
left join {{ ref('int_elder_tariff_month') }} as elder
    on aged.elder_month = elder.month
    and aged.age >= elder.from_age
    and (elder.below_age is null or aged.age < elder.below_age)
left join {{ ref('int_paid_month') }} as person_paid
    on aged.month = person_paid.month
    and aged.person_key = person_paid.person_key
    and aged.programme = person_paid.programme
left join {{ ref('int_paid_month') }} as household_paid
    on aged.month = household_paid.month
    and aged.dibao_household_key = household_paid.household_key
