with paid as (

    select
        benefit_month as month,
        pay_programme,
        pay_subject_key,
        max(programme) as programme,
        max(paid_household_key) as household_key,
        max(person_key) as person_key,
        max(name) as name,
        max(town_code) as town_code,
        sum(case when kind = '正常' then 1 else 0 end) as regular_payments,
        sum(case when kind = '正常' then amount else 0 end) as amount,
        max(received_at) as received_at
    from {{ ref('int_rules__cash_payment') }}
    group by benefit_month, pay_programme, pay_subject_key

),

unheld as (

    select
        paid.month,
        paid.programme,
        paid.household_key,
        paid.person_key,
        paid.name,
        false as is_unread,
        cast(paid.month as string) as event_key,
        '不在享却有款项' as fact,
        paid.amount,
        paid.town_code,
        cast(null as string) as village_code,
        paid.received_at
    from paid
    inner join {{ ref('int_months') }} as months on paid.month = months.month
    left join {{ ref('int_rules__payee') }} as held
        on paid.month = held.month
        and paid.pay_programme = held.pay_programme
        and paid.pay_subject_key = held.pay_subject_key
    where paid.regular_payments > 0 and held.pay_subject_key is null

),

unread as ( -- of a household, anybody who holds, or its head

    select distinct holder.month, holder.pay_programme, holder.pay_subject_key
    from {{ ref('int_rules__holder') }} as holder
    left join {{ ref('int_household_month') }} as household
        on holder.month = household.month and holder.household_key = household.household_key
    inner join {{ ref('int_quarantined_roster_name') }} as refused
        on holder.month = refused.month
        and holder.programme = refused.programme
        and holder.village_code = refused.village_code
        and refused.name in (holder.name, household.head_name)

),

unpaid as (

    select
        held.month,
        held.programme,
        held.household_key,
        held.person_key,
        cast(null as string) as name,
        unread.pay_subject_key is not null as is_unread,
        {{ first_month_of_episode() }} as event_key,
        '连续两个月在享却没有款项' as fact,
        held.monthly_amount as amount,
        held.town_code,
        held.village_code,
        greatest(held.received_at, earlier.received_at) as received_at
    from {{ ref('int_rules__payee') }} as held
    inner join {{ ref('int_rules__payee') }} as earlier
        on held.pay_programme = earlier.pay_programme
        and held.pay_subject_key = earlier.pay_subject_key
        and held.month = {{ plus_months('earlier.month', 1) }}
    left join paid
        on held.pay_programme = paid.pay_programme
        and held.pay_subject_key = paid.pay_subject_key
        and held.month = paid.month
    left join paid as paid_earlier
        on earlier.pay_programme = paid_earlier.pay_programme
        and earlier.pay_subject_key = paid_earlier.pay_subject_key
        and earlier.month = paid_earlier.month
    left join unread
        on held.pay_programme = unread.pay_programme
        and held.pay_subject_key = unread.pay_subject_key
        and held.month = unread.month
    where held.monthly_amount > 0
        and earlier.monthly_amount > 0
        and paid.pay_subject_key is null
        and paid_earlier.pay_subject_key is null

),

found as (

    select * from unheld
    union all
    select * from unpaid

)

select
    found.month,
    found.programme,
    case when found.household_key is null then 'person' else 'household' end as subject_type,
    found.person_key,
    found.household_key,
    found.event_key,
    'high' as severity,
    found.amount as amount_at_risk,
    'M1' as match_grade,
    coalesce(found.town_code, person.town_code) as town_code,
    coalesce(found.village_code, household.village_code, person.village_code) as village_code,
    {{ json_object([
        ('事实', 'found.fact'),
        ('所属年月', 'substr(cast(found.month as string), 1, 7)'),
        ('金额', 'found.amount'),
        ('来源', "'名册、发放明细'"),
    ]) }} as evidence,
    {{ json_object([
        ('事实', 'found.fact'),
        ('所属年月', 'cast(found.month as string)'),
        ('金额', 'found.amount'),
    ]) }} as evidence_restricted,
    found.received_at,
    case when found.is_unread or refused.name is not null then '名册待更正行中有同村同名，未评估' end as left_out
from found
left join {{ ref('int_person') }} as person on found.person_key = person.person_key
left join {{ ref('int_household_month') }} as household
    on found.household_key = household.household_key and found.month = household.month
left join {{ ref('int_quarantined_roster_name') }} as refused
    on found.programme = refused.programme
    and found.month = refused.month
    and found.name = refused.name
    and coalesce(household.village_code, person.village_code) = refused.village_code
