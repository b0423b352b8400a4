with household as (

    select month, household_key, household_no
    from {{ ref('int_household_month') }}

),

covered as (

    select holder.*, household.household_no
    from {{ ref('int_rules__holder') }} as holder
    inner join household on holder.household_key = household.household_key and holder.month = household.month
    where holder.programme in ('dibao', 'dibao_single')

),

support as (

    select * from {{ ref('int_rules__holder') }}
    where programme = 'extreme_poverty'

),

twice as (

    select
        earlier.month,
        earlier.person_key,
        earlier.household_no || '|' || other.household_no as event_key,
        other.pay_subject_key as paid_twice_key,
        earlier.town_code,
        earlier.village_code,
        '两户低保' as found_in,
        {{ match_grade('earlier', 'other', 'earlier.former_name') }} as match_grade,
        greatest(earlier.received_at, other.received_at) as found_at
    from covered as earlier
    inner join covered as other
        on earlier.person_key = other.person_key
        and earlier.month = other.month
        and earlier.household_no < other.household_no
    union all
    select
        covered.month,
        covered.person_key,
        covered.household_no || '|特困' as event_key,
        covered.pay_subject_key as paid_twice_key,
        covered.town_code,
        covered.village_code,
        '低保和特困' as found_in,
        {{ match_grade('covered', 'support', 'covered.former_name') }} as match_grade,
        greatest(covered.received_at, support.received_at) as found_at
    from covered
    inner join support on covered.person_key = support.person_key and covered.month = support.month

)

select
    twice.month,
    'dibao' as programme,
    'person' as subject_type,
    twice.person_key,
    cast(null as string) as household_key,
    twice.event_key,
    'critical' as severity,
    benefit.share_amount as amount_at_risk,
    twice.match_grade,
    twice.town_code,
    twice.village_code,
    {{ json_object([
        ('事实', "'同一人同月重复享受'"),
        ('重复于', 'twice.found_in'),
        ('本月重复金额', 'coalesce(benefit.share_amount, 0)'),
        ('来源', "'低保、特困名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('重复于', 'twice.event_key'),
        ('本月重复金额', 'coalesce(benefit.share_amount, 0)'),
    ]) }} as evidence_restricted,
    twice.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from twice
left join {{ ref('int_rules__benefit') }} as benefit
    on twice.month = benefit.month
    and benefit.pay_programme = 'dibao'
    and twice.paid_twice_key = benefit.pay_subject_key
where twice.match_grade is not null
