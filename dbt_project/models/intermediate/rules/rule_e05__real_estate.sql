with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活'

),

registration as ( -- the newest version of a period up to the month

    select months.month, estate.*
    from {{ ref('stg_natural_resources__real_estate') }} as estate
    inner join {{ ref('int_months') }} as months on estate.period <= months.month
    where estate.person_secret in (select person_secret from member)
    qualify row_number() over (
        partition by months.month, estate.unit_no, estate.person_secret
        order by estate.period desc nulls last, estate.received_at desc nulls last, estate.delivery_id desc nulls last
    ) = 1

),

share as (

    select
        member.*,
        registration.unit_no,
        registration.use,
        registration.acquired_by,
        registration.registered_on,
        coalesce(registration.share, 1) as share,
        registration.location,
        {{ match_grade('member', 'registration', 'member.former_name') }} as match_grade,
        greatest(member.received_at, registration.received_at) as found_at
    from member
    inner join registration on member.person_secret = registration.person_secret and member.month = registration.month
    where registration.status = '现势'

),

unit as ( -- owners within the household hold one unit together

    select
        month,
        programme,
        subject_type,
        subject_key,
        household_key,
        pay_programme,
        unit_no,
        min(person_key) as person_key,
        max(use) as use,
        max(acquired_by) as acquired_by,
        max(registered_on) as registered_on,
        max(location) as location,
        max(match_grade) as match_grade,
        max(town_code) as town_code,
        max(village_code) as village_code,
        max(found_at) as found_at,
        max(case when acquired_by = '购买' then registered_on end) as bought_on,
        min(case when acquired_by = '继承' then 1 else 0 end) = 1 as is_inherited,
        sum(share) as household_share
    from share
    where match_grade is not null
    group by month, programme, subject_type, subject_key, household_key, pay_programme, unit_no

),

counted as (

    select
        unit.*,
        {{ within_months('unit.bought_on', 'unit.month', parameter('unit_recent_months', 'unit.month')) }} as is_bought,
        unit.use in ('商业', '办公', '工业', '仓储') as is_commercial,
        sum(case when unit.use = '住宅' then 1 else 0 end)
            over (partition by unit.month, unit.programme, unit.subject_key) as homes
    from unit
    left join {{ ref('int_rules__exempt_asset') }} as exempt
        on exempt.asset_kind = '房产' and unit.unit_no = exempt.asset_no and unit.month = exempt.month
    where unit.use not in ('车位', '储藏')
        and not (unit.is_inherited and unit.household_share < {{ parameter('unit_inherited_share', 'unit.month') }})
        and exempt.asset_no is null

),

fulfilling as ( -- the newest unit that fulfils a limb names the event; all of them give the severity

    select
        *,
        max(case when is_commercial or coalesce(is_bought, false) then 1 else 0 end) over subject_month = 1 as is_grave,
        count(*) over subject_month as units,
        row_number() over (
            partition by month, programme, subject_key order by registered_on desc nulls last, unit_no desc nulls last
        ) as choice
    from counted
    where is_commercial or coalesce(is_bought, false) or (use = '住宅' and homes > {{ parameter('unit_max_dwellings', 'month') }})
    window subject_month as (partition by month, programme, subject_key)

)

select
    fulfilling.month,
    fulfilling.programme,
    fulfilling.subject_type,
    fulfilling.person_key,
    fulfilling.household_key,
    fulfilling.unit_no as event_key,
    case when fulfilling.is_grave then 'high' else 'medium' end as severity,
    benefit.paid_amount as amount_at_risk,
    fulfilling.match_grade,
    fulfilling.town_code,
    fulfilling.village_code,
    {{ json_object([
        ('事实', "'共同生活的家庭成员名下房产超出规定'"),
        ('规划用途', 'fulfilling.use'),
        ('取得方式', 'fulfilling.acquired_by'),
        ('登记年月', 'substr(cast(fulfilling.registered_on as string), 1, 7)'),
        ('住宅套数', 'fulfilling.homes'),
        ('符合条件的房产数', 'fulfilling.units'),
        ('来源', "'不动产登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('不动产单元号', 'fulfilling.unit_no'),
        ('坐落', 'fulfilling.location'),
        ('规划用途', 'fulfilling.use'),
        ('取得方式', 'fulfilling.acquired_by'),
        ('登记时间', 'cast(fulfilling.registered_on as string)'),
        ('住宅套数', 'fulfilling.homes'),
    ]) }} as evidence_restricted,
    fulfilling.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from fulfilling
left join {{ ref('int_rules__benefit') }} as benefit
    on fulfilling.month = benefit.month
    and fulfilling.pay_programme = benefit.pay_programme
    and fulfilling.subject_key = benefit.pay_subject_key
where fulfilling.choice = 1
