with listed as (

    select distinct month, household_key, person_key
    from {{ ref('int_member_month') }}

),

missing as (

    select household.*, 'phone' as missing_column, '电话' as missing_zh
    from {{ ref('int_household_month') }} as household
    where household.phone is null
    union all
    select household.*, 'address' as missing_column, '住址' as missing_zh
    from {{ ref('int_household_month') }} as household
    where household.address is null
    union all
    select household.*, 'head_id_no' as missing_column, '户主的成员行' as missing_zh
    from {{ ref('int_household_month') }} as household
    left join listed
        on household.month = listed.month
        and household.household_key = listed.household_key
        and household.head_person_key = listed.person_key
    where listed.person_key is null

)

select
    month,
    '' as programme,
    'household' as subject_type,
    cast(null as string) as person_key,
    household_key,
    missing_column as event_key,
    'low' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'在册家庭缺少必填信息'"),
        ('缺少', 'missing_zh'),
        ('来源', "'救助家庭名册、救助家庭成员名册'"),
    ]) }} as evidence,
    {{ json_object([('缺少', 'missing_zh')]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from missing
