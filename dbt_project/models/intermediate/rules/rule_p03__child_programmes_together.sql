with child_programme as (

    select programme, position, label_zh
    from {{ ref('programmes') }}
    where programme in ('orphan', 'unattended_child', 'child_in_difficulty')

),

cared_for as (

    select * from {{ ref('int_rules__holder') }}
    where programme in ('orphan', 'unattended_child')

),

paid as (

    select
        payment.benefit_month as month,
        payment.programme,
        child_programme.position,
        child_programme.label_zh,
        payment.person_key,
        payment.name,
        payment.name_folded,
        payment.name_pattern,
        payment.id_no_status,
        former.former_name,
        max(payment.town_code) as town_code,
        max(payment.received_at) as received_at
    from {{ ref('int_payment') }} as payment
    inner join child_programme on payment.programme = child_programme.programme
    left join {{ ref('int_rules__former_name') }} as former on payment.person_key = former.person_key
    where payment.result = '成功' and payment.kind in ('正常', '补发')
    group by
        payment.benefit_month, payment.programme, child_programme.position, child_programme.label_zh,
        payment.person_key, payment.name, payment.name_folded, payment.name_pattern, payment.id_no_status,
        former.former_name

),

overlap as (

    select
        subsidy.month,
        subsidy.programme,
        subsidy.person_key,
        case cared_for.programme when 'orphan' then '孤儿' else '事实无人抚养儿童' end as beside,
        {{ match_grade('subsidy', 'cared_for', 'cared_for.former_name') }} as match_grade,
        subsidy.town_code,
        subsidy.village_code,
        greatest(subsidy.received_at, cared_for.received_at) as found_at
    from {{ ref('int_rules__holder') }} as subsidy
    inner join cared_for on subsidy.person_key = cared_for.person_key and subsidy.month = cared_for.month
    where subsidy.programme = 'disability_living'
    union all
    select
        later.month,
        later.programme,
        later.person_key,
        earlier.label_zh as beside,
        {{ match_grade('later', 'earlier', 'earlier.former_name') }} as match_grade,
        later.town_code,
        cast(null as string) as village_code,
        greatest(later.received_at, earlier.received_at) as found_at
    from paid as later
    inner join paid as earlier
        on later.person_key = earlier.person_key and later.month = earlier.month and earlier.position < later.position

),

found as (

    select
        month,
        programme,
        person_key,
        {{ joined_values('beside', '、') }} as beside,
        min(match_grade) as match_grade,
        max(town_code) as town_code,
        max(village_code) as village_code,
        max(found_at) as found_at
    from overlap
    where match_grade is not null
    group by month, programme, person_key

)

select
    found.month,
    found.programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    {{ first_month_of_episode() }} as event_key,
    'critical' as severity,
    benefit.paid_amount as amount_at_risk,
    found.match_grade,
    found.town_code,
    coalesce(found.village_code, person.village_code) as village_code,
    {{ json_object([
        ('事实', "'儿童补贴与另一项重复'"),
        ('重复项目', 'programme.label_zh'),
        ('另一项', 'found.beside'),
        ('本月已发重复一项', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence,
    {{ json_object([
        ('重复项目', 'programme.label_zh'),
        ('另一项', 'found.beside'),
        ('本月已发重复一项', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
inner join {{ ref('programmes') }} as programme on found.programme = programme.programme
left join {{ ref('int_person') }} as person on found.person_key = person.person_key
left join {{ ref('int_rules__benefit') }} as benefit
    on found.month = benefit.month
    and found.programme = benefit.pay_programme
    and found.person_key = benefit.pay_subject_key
