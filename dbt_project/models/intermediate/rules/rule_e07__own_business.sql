with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活' and programme in ('dibao', 'dibao_single', 'dibao_edge')

),

run as (

    select
        member.*,
        business.credit_code,
        business.business_name,
        business.founded_on,
        {{ match_grade('member', 'business', 'member.former_name') }} as match_grade,
        greatest(member.received_at, business.received_at) as found_at
    from member
    inner join {{ ref('int_rules__business') }} as business
        on member.person_key = business.person_key and member.month = business.month
    where business.is_own_business
        and business.founded_on <= {{ plus_months('member.month', '-' ~ parameter('business_min_months', 'member.month')) }}

),

undeclared as ( -- whoever of the household declared it

    select month, household_key
    from {{ ref('int_member_month') }}
    where role = '共同生活' and household_key in (select household_key from run)
    group by month, household_key
    having sum(coalesce(business_income, 0)) = 0

)

select
    run.month,
    run.programme,
    run.subject_type,
    run.person_key,
    run.household_key,
    run.credit_code as event_key,
    'medium' as severity,
    benefit.paid_amount as amount_at_risk,
    run.match_grade,
    run.town_code,
    run.village_code,
    {{ json_object([
        ('事实', "'共同生活的家庭成员经营个体工商户，家庭没有申报经营收入'"),
        ('成立年月', 'substr(cast(run.founded_on as string), 1, 7)'),
        ('来源', "'市场主体登记、救助家庭成员名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('统一社会信用代码', 'run.credit_code'),
        ('企业名称', 'run.business_name'),
        ('成立日期', 'cast(run.founded_on as string)'),
        ('申报经营净收入', '0'),
    ]) }} as evidence_restricted,
    run.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from run
inner join undeclared on run.month = undeclared.month and run.household_key = undeclared.household_key
left join {{ ref('int_rules__exempt_asset') }} as exempt
    on exempt.asset_kind = '企业' and run.credit_code = exempt.asset_no and run.month = exempt.month
left join {{ ref('int_rules__benefit') }} as benefit
    on run.month = benefit.month
    and run.pay_programme = benefit.pay_programme
    and run.subject_key = benefit.pay_subject_key
where run.match_grade is not null and exempt.asset_no is null
