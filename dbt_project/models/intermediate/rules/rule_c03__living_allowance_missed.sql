with covered as ( -- alive, with a certificate that has lasted

    select
        holder.*,
        certificate.certificate_no as found_no,
        certificate.category,
        certificate.grade,
        certificate.is_severe,
        certificate.issued_on,
        register.town_code as register_town_code,
        register.village_code as register_village_code,
        {{ match_grade('holder', 'certificate', 'holder.former_name', 'certificate.by_certificate') }} as match_grade,
        greatest(holder.received_at, certificate.received_at) as found_at
    from {{ ref('int_rules__holder') }} as holder
    inner join {{ ref('int_rules__certificate_holder') }} as certificate
        on holder.person_key = certificate.person_key
        and holder.month = certificate.month
        and certificate.is_long_enough
    left join {{ ref('int_rules__registered') }} as register
        on holder.person_key = register.person_key and holder.month = register.month
    left join {{ ref('int_person_death') }} as death
        on holder.person_key = death.person_key and holder.name = death.name and {{ died_before('death', 'holder.month') }}
    where holder.programme in ('dibao', 'dibao_single') and death.person_key is null

),

missed as (

    select covered.*
    from covered
    left join {{ ref('int_rules__present') }} as excluding
        on covered.person_key = excluding.person_key
        and covered.month = excluding.month
        and excluding.programme in ('disability_living', 'extreme_poverty', 'orphan', 'unattended_child')
    left join {{ ref('int_rules__work_injury') }} as injury
        on covered.person_key = injury.person_key
        and covered.month = injury.month
        and {{ names_fit('covered.name', 'injury.name', 'covered.former_name') }}
    where covered.match_grade is not null and excluding.person_key is null and injury.person_key is null

)

select
    missed.month,
    'disability_living' as programme,
    'person' as subject_type,
    missed.person_key,
    cast(null as string) as household_key,
    missed.found_no as event_key,
    'high' as severity,
    {{ parameter('dibao_standard', 'missed.month') }} * case
        when missed.is_severe then {{ parameter('disability_living_share_floor', 'missed.month', '低保内重残') }}
        else {{ parameter('disability_living_share_floor', 'missed.month', '低保内非重残') }}
    end as amount_at_risk,
    missed.match_grade,
    coalesce(missed.register_town_code, missed.town_code) as town_code,
    coalesce(missed.register_village_code, missed.village_code) as village_code,
    {{ json_object([
        ('事实', "'低保对象持有效残疾人证，未领困难残疾人生活补贴'"),
        ('发证年月', 'substr(cast(missed.issued_on as string), 1, 7)'),
        ('在享项目', "case missed.programme when 'dibao_single' then '单人保' else '低保' end"),
        ('来源', "'残疾人证、补贴名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'missed.found_no'),
        ('残疾类别', 'missed.category'),
        ('残疾等级', 'missed.grade'),
        ('发证日期', 'cast(missed.issued_on as string)'),
    ]) }} as evidence_restricted,
    missed.found_at as received_at,
    case when refused.name is not null then '名册待更正行中有同村同名，未评估' end as left_out
from missed
left join {{ ref('int_quarantined_roster_name') }} as refused
    on refused.programme = 'disability_living'
    and missed.month = refused.month
    and missed.name = refused.name
    and coalesce(missed.register_village_code, missed.village_code) = refused.village_code
