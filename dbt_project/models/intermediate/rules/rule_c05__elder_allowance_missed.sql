with elder as (

    select * from {{ ref('int_rules__registered') }}
    where is_elder

),

elsewhere as (

    select distinct
        delivery.month,
        recipient.person_key,
        recipient.name,
        recipient.name_folded,
        recipient.name_pattern
    from {{ ref('stg_civil_affairs__out_of_area_recipient') }} as recipient
    inner join {{ ref('int_delivery_in_force') }} as delivery on recipient.delivery_id = delivery.delivery_id
    where recipient.programme = '尊老金'
        and recipient.status = '在享'
        and (recipient.start_month is null or recipient.start_month <= delivery.month)

),

missed as (

    select elder.*, {{ age_in_month('elder.birth_date', 'elder.month') }} as age
    from elder
    left join {{ ref('int_rules__present') }} as present
        on elder.person_key = present.person_key
        and elder.month = present.month
        and present.programme = 'elder_allowance'
    left join elsewhere
        on elder.person_key = elsewhere.person_key
        and elder.month = elsewhere.month
        and {{ names_fit('elder.name', 'elsewhere.name', 'elder.former_name') }}
    where present.person_key is null and elsewhere.person_key is null

)

select
    missed.month,
    'elder_allowance' as programme,
    'person' as subject_type,
    missed.person_key,
    cast(null as string) as household_key,
    cast(missed.elder_birthday as string) as event_key,
    'medium' as severity, -- the catalogue raises it from the third month of the episode
    tariff.monthly_amount as amount_at_risk,
    case when missed.id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
    missed.town_code,
    missed.village_code,
    {{ json_object([
        ('事实', "'已满尊老金年龄，未领取'"),
        ('满岁年月', 'substr(cast(missed.elder_birthday as string), 1, 7)'),
        ('应享月标准', 'tariff.monthly_amount'),
        ('来源', "'户籍人口、尊老金名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('出生日期', 'cast(missed.birth_date as string)'),
        ('满岁日期', 'cast(missed.elder_birthday as string)'),
    ]) }} as evidence_restricted,
    missed.received_at,
    case when refused.name is not null then '名册待更正行中有同村同名，未评估' end as left_out
from missed
left join {{ ref('int_rules__elder_tariff') }} as tariff
    on missed.month = tariff.month
    and missed.age >= tariff.from_age
    and (tariff.below_age is null or missed.age < tariff.below_age)
left join {{ ref('int_quarantined_roster_name') }} as refused
    on refused.programme = 'elder_allowance'
    and missed.month = refused.month
    and missed.name = refused.name
    and missed.village_code = refused.village_code
