with tiered as (

    select * from {{ ref('int_rules__holder') }}
    where programme = 'disability_living' and (tier like '低保内%' or tier = '低保外重残')

),

dibao as (

    select * from {{ ref('int_rules__holder') }}
    where programme in ('dibao', 'dibao_single')

),

beside as ( -- a row of dibao under another name tells neither that the person is in it nor that not

    select
        tiered.month,
        tiered.person_key,
        tiered.tier,
        count(dibao.person_key) as rows_of_number,
        min(case when dibao.person_key is not null then {{ match_grade('tiered', 'dibao', 'tiered.former_name') }} end) as match_grade,
        max(dibao.received_at) as received_at
    from tiered
    left join dibao on tiered.person_key = dibao.person_key and tiered.month = dibao.month
    group by tiered.month, tiered.person_key, tiered.tier

),

judged as (

    select
        tiered.*,
        beside.match_grade,
        greatest(tiered.received_at, coalesce(beside.received_at, tiered.received_at)) as found_at
    from tiered
    inner join beside
        on tiered.month = beside.month and tiered.person_key = beside.person_key and tiered.tier = beside.tier
    where (tiered.tier = '低保外重残' and beside.match_grade is not null)
        or (tiered.tier like '低保内%' and beside.rows_of_number = 0)

)

select
    judged.month,
    judged.programme,
    'person' as subject_type,
    judged.person_key,
    cast(null as string) as household_key,
    judged.tier as event_key,
    'high' as severity,
    benefit.paid_amount as amount_at_risk,
    coalesce(judged.match_grade, 'M1') as match_grade,
    judged.town_code,
    judged.village_code,
    {{ json_object([
        ('事实', "case
            when judged.tier = '低保外重残' then '补贴档次为低保外，本人却在低保名册上'
            else '补贴档次为低保内，本人不在低保名册上'
        end"),
        ('补贴档次', 'judged.tier'),
        ('来源', "'残疾人补贴名册、低保名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('补贴档次', 'judged.tier'),
        ('本月已发', 'coalesce(benefit.paid_amount, 0)'),
    ]) }} as evidence_restricted,
    judged.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from judged
left join {{ ref('int_rules__benefit') }} as benefit
    on judged.month = benefit.month
    and judged.pay_programme = benefit.pay_programme
    and judged.pay_subject_key = benefit.pay_subject_key
