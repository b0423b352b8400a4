with judged as (

    select
        *,
        case
            when found_no is null then '无证'
            when found_status <> '正常' then found_status
            when not is_valid then '过期'
            when tier in ('护理', '低保内重残') and found_grade not in ('一级', '二级') then '不符'
            when tier = '低保外重残'
                and (found_grade not in ('一级', '二级') or found_category not in ('视力', '肢体', '智力', '精神', '多重'))
                then '不符'
            when tier = '三四级智力精神' and found_category not in ('智力', '精神', '多重') then '不符'
        end as state
    from {{ ref('int_rules__subsidy_certificate') }}
    where match_grade is not null

),

due as ( -- whoever is renewing has three months

    select *
    from judged
    where state is not null
        and not coalesce(
            renewal_pending
            and month <= {{ plus_months(month_of('valid_until'), parameter('certificate_grace_months', 'judged.month')) }},
            false
        )

)

select
    due.month,
    due.programme,
    'person' as subject_type,
    due.person_key,
    cast(null as string) as household_key,
    coalesce(due.found_no, due.certificate_no, '') || '|' || due.state as event_key,
    case when due.state in ('注销', '冻结') then 'critical' else 'high' end as severity,
    benefit.share_amount as amount_at_risk,
    due.match_grade,
    due.town_code,
    due.village_code,
    {{ json_object([
        ('事实', "'残疾人证失效或与补贴不符'"),
        ('证件情况', 'due.state'),
        ('证件有效期至', 'substr(cast(due.valid_until as string), 1, 7)'),
        ('换证受理中', "case when due.renewal_pending then '是' else '否' end"),
        ('补贴档次', 'coalesce(due.tier, due.kind)'),
        ('来源', "'残疾人证'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'coalesce(due.found_no, due.certificate_no)'),
        ('证件情况', 'due.state'),
        ('残疾类别', 'due.found_category'),
        ('残疾等级', 'due.found_grade'),
        ('有效期至', 'cast(due.valid_until as string)'),
        ('补贴档次', 'coalesce(due.tier, due.kind)'),
    ]) }} as evidence_restricted,
    due.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from due
left join {{ ref('int_rules__benefit') }} as benefit
    on due.month = benefit.month
    and due.pay_programme = benefit.pay_programme
    and due.pay_subject_key = benefit.pay_subject_key
