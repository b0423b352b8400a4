with subsidy as (

    select * from {{ ref('int_rules__holder') }}
    where programme in ('disability_living', 'disability_nursing')

),

support as (

    select * from {{ ref('int_rules__holder') }}
    where programme = 'extreme_poverty'

),

paid as (

    select
        payment.benefit_month as month,
        payment.programme,
        payment.person_key,
        payment.name,
        payment.name_folded,
        payment.name_pattern,
        payment.id_no_status,
        former.former_name,
        max(payment.town_code) as town_code,
        max(payment.received_at) as received_at
    from {{ ref('int_payment') }} as payment
    left join {{ ref('int_rules__former_name') }} as former on payment.person_key = former.person_key
    where payment.result = '成功' and payment.kind in ('正常', '补发')
        and payment.programme in ('extreme_poverty', 'disability_living', 'disability_nursing')
    group by
        payment.benefit_month, payment.programme, payment.person_key, payment.name, payment.name_folded,
        payment.name_pattern, payment.id_no_status, former.former_name

),

overlap as (

    select
        subsidy.month,
        subsidy.programme,
        subsidy.person_key,
        '名册' as found_in,
        {{ match_grade('subsidy', 'support', 'support.former_name') }} as match_grade,
        subsidy.town_code,
        subsidy.village_code,
        greatest(subsidy.received_at, support.received_at) as found_at
    from subsidy
    inner join support on subsidy.person_key = support.person_key and subsidy.month = support.month
    union all
    select
        subsidy.month,
        subsidy.programme,
        subsidy.person_key,
        '发放' as found_in,
        {{ match_grade('subsidy', 'support', 'support.former_name') }} as match_grade,
        subsidy.town_code,
        cast(null as string) as village_code,
        greatest(subsidy.received_at, support.received_at) as found_at
    from paid as subsidy
    inner join paid as support
        on subsidy.person_key = support.person_key
        and subsidy.month = support.month
        and support.programme = 'extreme_poverty'
    where subsidy.programme <> 'extreme_poverty'

),

found as (

    select
        month,
        programme,
        person_key,
        {{ joined_values('found_in', '、') }} as found_in,
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
        ('事实', "'同一人同月既享特困供养又享残疾人补贴'"),
        ('重复项目', "case found.programme when 'disability_living' then '困难残疾人生活补贴' else '重度残疾人护理补贴' end"),
        ('见于', 'found.found_in'),
        ('本月已发残疾人补贴', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence,
    {{ json_object([
        ('重复项目', 'found.programme'),
        ('见于', 'found.found_in'),
        ('本月已发残疾人补贴', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
left join {{ ref('int_person') }} as person on found.person_key = person.person_key
left join {{ ref('int_rules__benefit') }} as benefit
    on found.month = benefit.month
    and found.programme = benefit.pay_programme
    and found.person_key = benefit.pay_subject_key
