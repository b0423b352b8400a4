with changed as ( -- the newest change of a value, and what it was before

    select month, parameter, category, changed_on, value, value_before
    from {{ ref('int_parameter_month') }}
    where parameter in ('dibao_standard', 'extreme_poverty_basic') and changed_on is not null

),

household as ( -- the amount does not fit the standard in force and fits the one before

    select
        differing.month,
        differing.programme,
        'household' as subject_type,
        cast(null as string) as person_key,
        differing.household_key,
        changed.changed_on,
        changed.value,
        changed.value_before,
        differing.monthly_amount as recorded_amount,
        abs(differing.dibao_amount - due_before.dibao_amount) as amount_at_risk,
        'M1' as match_grade,
        differing.town_code,
        differing.village_code,
        differing.received_at
    from {{ ref('int_rules__dibao_difference') }} as differing
    inner join changed on differing.month = changed.month and changed.parameter = 'dibao_standard'
    inner join {{ ref('int_dibao_amount_month') }} as due_before
        on differing.month = due_before.month
        and differing.household_key = due_before.household_key
        and due_before.basis = 'before'
    where differing.start_month < changed.changed_on
        and abs(differing.monthly_amount - due_before.dibao_amount) <= differing.tolerance

),

person as (

    select
        supported.month,
        'extreme_poverty' as programme,
        'person' as subject_type,
        supported.person_key,
        cast(null as string) as household_key,
        changed.changed_on,
        changed.value,
        changed.value_before,
        supported.basic_amount as recorded_amount,
        abs(changed.value - changed.value_before) as amount_at_risk,
        case when supported.id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
        supported.town_code,
        supported.village_code,
        supported.received_at
    from {{ ref('int_extreme_poverty_in_force') }} as supported
    inner join changed
        on supported.month = changed.month
        and supported.area_kind = changed.category
        and changed.parameter = 'extreme_poverty_basic'
    where {{ holds('supported') }}
        and supported.start_month < changed.changed_on
        and supported.basic_amount = changed.value_before

),

unadjusted as (

    select * from household
    union all
    select * from person

)

select
    month,
    programme,
    subject_type,
    person_key,
    household_key,
    cast(changed_on as string) as event_key,
    'high' as severity,
    amount_at_risk,
    match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'标准已经调整，登记金额仍按原标准计算'"),
        ('调整日期', 'cast(changed_on as string)'),
        ('原标准', 'cast(value_before as decimal(18, 2))'),
        ('现行标准', 'cast(value as decimal(18, 2))'),
        ('来源', "case programme when 'dibao' then '低保名册' else '特困名册' end"),
    ]) }} as evidence,
    {{ json_object([
        ('调整日期', 'cast(changed_on as string)'),
        ('原标准', 'cast(value_before as decimal(18, 2))'),
        ('现行标准', 'cast(value as decimal(18, 2))'),
        ('登记金额', 'recorded_amount'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from unadjusted
