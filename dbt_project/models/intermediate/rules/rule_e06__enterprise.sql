with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活' and programme in ('dibao', 'dibao_single', 'extreme_poverty', 'dibao_edge')

),

post as (

    select
        member.*,
        business.credit_code,
        business.business_name,
        business.role as post,
        business.capital,
        business.founded_on,
        {{ match_grade('member', 'business', 'member.former_name') }} as match_grade,
        greatest(member.received_at, business.received_at) as found_at
    from member
    inner join {{ ref('int_rules__business') }} as business
        on member.person_key = business.person_key and member.month = business.month
    where business.is_enterprise_post

)

select
    post.month,
    post.programme,
    post.subject_type,
    post.person_key,
    post.household_key,
    post.credit_code as event_key,
    case
        when post.capital >= {{ parameter('business_high_capital', 'post.month') }} then 'high'
        else 'medium'
    end as severity,
    benefit.paid_amount as amount_at_risk,
    post.match_grade,
    post.town_code,
    post.village_code,
    {{ json_object([
        ('事实', "'共同生活的家庭成员在存续企业任职或出资'"),
        ('任职类型', 'post.post'),
        ('成立年月', 'substr(cast(post.founded_on as string), 1, 7)'),
        ('来源', "'市场主体登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('统一社会信用代码', 'post.credit_code'),
        ('企业名称', 'post.business_name'),
        ('任职类型', 'post.post'),
        ('认缴出资额', 'post.capital'),
        ('成立日期', 'cast(post.founded_on as string)'),
    ]) }} as evidence_restricted,
    post.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from post
left join {{ ref('int_rules__exempt_asset') }} as exempt
    on exempt.asset_kind = '企业' and post.credit_code = exempt.asset_no and post.month = exempt.month
left join {{ ref('int_rules__benefit') }} as benefit
    on post.month = benefit.month
    and post.pay_programme = benefit.pay_programme
    and post.subject_key = benefit.pay_subject_key
where post.match_grade is not null and exempt.asset_no is null
