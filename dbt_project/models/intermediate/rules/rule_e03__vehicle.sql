with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活'

),

vehicle as ( -- in force, of a kind and in a state that counts

    select delivery.month, vehicle.*
    from {{ ref('stg_public_security__vehicle') }} as vehicle
    inner join {{ ref('int_delivery_in_force') }} as delivery on vehicle.delivery_id = delivery.delivery_id
    where vehicle.plate_kind in ('大型汽车', '小型汽车', '小型新能源汽车', '挂车')
        and vehicle.status in ('正常', '停驶', '违法未处理', '查封', '逾期未检验')

),

owned as (

    select
        member.*,
        vehicle.plate_no,
        vehicle.plate_kind,
        vehicle.model,
        vehicle.use,
        vehicle.first_registered_on,
        vehicle.status as vehicle_status,
        vehicle.name as owner_name,
        {{ match_grade('member', 'vehicle', 'member.former_name') }} as match_grade,
        greatest(member.received_at, vehicle.received_at) as found_at
    from member
    inner join vehicle on member.person_secret = vehicle.person_secret and member.month = vehicle.month

),

counted as ( -- an exemption takes out that vehicle alone

    select
        owned.*,
        {{ within_months('owned.first_registered_on', 'owned.month', parameter('vehicle_recent_months', 'owned.month')) }}
            as is_recent,
        count(*) over (partition by owned.month, owned.programme, owned.subject_key) as vehicles
    from owned
    left join {{ ref('int_rules__exempt_asset') }} as exempt
        on exempt.asset_kind = '车辆' and owned.plate_no = exempt.asset_no and owned.month = exempt.month
    where owned.match_grade is not null and exempt.asset_no is null

)

select
    counted.month,
    counted.programme,
    counted.subject_type,
    counted.person_key,
    counted.household_key,
    counted.plate_no as event_key,
    case
        when counted.vehicles >= {{ parameter('vehicle_high_count', 'counted.month') }} or counted.is_recent then 'high'
        else 'medium'
    end as severity,
    benefit.paid_amount as amount_at_risk,
    counted.match_grade,
    counted.town_code,
    counted.village_code,
    {{ json_object([
        ('事实', "'共同生活的家庭成员名下有机动车'"),
        ('车辆种类', 'counted.plate_kind'),
        ('品牌型号', 'counted.model'),
        ('使用性质', 'counted.use'),
        ('机动车状态', 'counted.vehicle_status'),
        ('初次登记', 'substr(cast(counted.first_registered_on as string), 1, 7)'),
        ('本户在册车辆数', 'counted.vehicles'),
        ('来源', "'机动车登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('号牌号码', 'counted.plate_no'),
        ('号牌种类', 'counted.plate_kind'),
        ('所有人', 'counted.owner_name'),
        ('品牌型号', 'counted.model'),
        ('初次登记日期', 'cast(counted.first_registered_on as string)'),
        ('使用性质', 'counted.use'),
        ('机动车状态', 'counted.vehicle_status'),
    ]) }} as evidence_restricted,
    counted.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from counted
left join {{ ref('int_rules__benefit') }} as benefit
    on counted.month = benefit.month
    and counted.pay_programme = benefit.pay_programme
    and counted.subject_key = benefit.pay_subject_key
