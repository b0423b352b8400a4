with uplifted as (

    select
        holder.*,
        member.uplift,
        certificate.person_key is not null as has_certificate,
        certificate.is_valid and certificate.grade in ('一级', '二级') as is_severe,
        certificate.received_at as certificate_received_at,
        {{ match_grade('holder', 'certificate', 'holder.former_name', 'certificate.by_certificate') }} as certificate_grade
    from {{ ref('int_rules__dated_holder') }} as holder
    inner join {{ ref('int_member_month') }} as member
        on holder.month = member.month
        and holder.household_key = member.household_key
        and holder.person_key = member.person_key
    left join {{ ref('int_certificate_month') }} as certificate
        on holder.person_key = certificate.person_key
        and holder.month = certificate.month
        and certificate.is_any_in_force
    where holder.programme in ('dibao', 'dibao_single') and member.uplift in ('未成年人', '重残')

),

judged as (

    select
        month,
        programme,
        person_key,
        uplift,
        '登记未成年人增发，已满十八周岁' as fact,
        '救助家庭成员名册、户籍人口' as source,
        cast({{ celebrated_on('born_on') }} as date) as since,
        birth_grade as match_grade,
        town_code,
        village_code,
        received_at
    from uplifted
    where uplift = '未成年人'
        and {{ plus_months(celebrated_on('born_on'), parameter('adult_age', 'uplifted.month') ~ ' * 12') }} <= month
    union all
    select
        month,
        programme,
        person_key,
        uplift,
        '登记重残增发，没有有效的一级或二级残疾人证' as fact,
        '救助家庭成员名册、残疾人证' as source,
        cast(null as date) as since,
        coalesce(certificate_grade, 'M1') as match_grade,
        town_code,
        village_code,
        greatest(received_at, coalesce(certificate_received_at, received_at)) as received_at
    from uplifted
    where uplift = '重残'
        and not coalesce(is_severe, false)
        and (not has_certificate or certificate_grade is not null)
    union all
    select
        month,
        programme,
        person_key,
        kind as uplift,
        '病残儿童的认定期已过' as fact,
        '儿童福利名册' as source,
        determined_until as since,
        'M1' as match_grade,
        town_code,
        village_code,
        received_at
    from {{ ref('int_rules__holder') }}
    where kind = '重残重病儿童' and determined_until < month

)

select
    month,
    programme,
    'person' as subject_type,
    person_key,
    cast(null as string) as household_key,
    uplift as event_key,
    'medium' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    match_grade,
    town_code,
    village_code,
    {{ json_object([('事实', 'fact'), ('增发类型', 'uplift'), ('来源', 'source')]) }} as evidence,
    {{ json_object([
        ('增发类型', 'uplift'),
        ('出生日期或认定期止', 'cast(since as string)'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from judged
where match_grade is not null
