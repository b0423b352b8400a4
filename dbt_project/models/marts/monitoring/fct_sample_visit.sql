-- A sixteenth of the households is in turn each month, by the first digit of its keyed hash, so nobody is drawn twice in
-- sixteen months; of those about whom nothing is found, the lot takes a few. The same deliveries draw the same.
with household as (

    select
        month,
        household_key,
        town_code,
        village_code,
        {{ sha256_hex('household_secret') }} as turn,
        {{ sha256_hex("household_secret || '|' || cast(month as string)") }} as lot,
        {{ sha256_hex("household_secret || '|visit|' || cast(month as string)") }} as number
    from {{ ref('int_household_month') }}
    where holds and town_code is not null

),

alerted as ( -- quiet ones count: who is exempted or silenced has been found

    select distinct household.month, household.household_key
    from household
    inner join {{ ref('int_rules__alerts') }} as alert
        on household.household_key = alert.household_key
        and household.month >= alert.first_month
        and household.month <= alert.last_month
    union
    select distinct member.month, member.household_key
    from {{ ref('int_member_month') }} as member
    inner join {{ ref('int_rules__alerts') }} as alert
        on member.person_key = alert.person_key
        and member.month >= alert.first_month
        and member.month <= alert.last_month

),

ranked as (

    select
        household.*,
        row_number() over (partition by household.month order by household.lot asc nulls last) as place
    from household
    left join alerted on household.month = alerted.month and household.household_key = alerted.household_key
    where alerted.household_key is null
        and substr(household.turn, 1, 1) = substr(
            '0123456789abcdef',
            cast((extract(year from household.month) * 12 + extract(month from household.month)) % 16 + 1 as integer),
            1
        )

),

wanted as (

    select month, value as households
    from {{ ref('int_parameter_month') }}
    where parameter = 'sample_households' and category = ''

)

select
    cast('V00-' || upper(substr(ranked.number, 1, 20)) as string) as visit_no,
    cast(ranked.month as date) as month,
    cast(ranked.household_key as string) as household_key,
    cast(ranked.town_code as string) as town_code,
    cast(ranked.village_code as string) as village_code,
    cast(answer.finding as string) as finding,
    cast(answer.verified_on as date) as verified_on
from ranked
inner join wanted on ranked.month = wanted.month and ranked.place <= wanted.households
left join {{ ref('int_case_answer') }} as answer
    on 'V00-' || upper(substr(ranked.number, 1, 20)) = answer.alert_no
