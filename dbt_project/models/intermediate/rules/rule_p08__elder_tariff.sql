with aged as (

    select
        *,
        birth_grade as match_grade,
        extract(month from born_on) = extract(month from month) as is_birthday_month
    from {{ ref('int_rules__dated_holder') }}
    where programme = 'elder_allowance' and birth_grade is not null

),

compared as ( -- in the month in which a band begins, the band before is right too

    select
        aged.*,
        tariff.age_band,
        tariff.monthly_amount as tariff_amount,
        case
            when aged.is_birthday_month and aged.age = tariff.from_age and aged.age > 0 then band_before.monthly_amount
        end as amount_before
    from aged
    inner join {{ ref('int_rules__elder_tariff') }} as tariff
        on aged.month = tariff.month
        and aged.age >= tariff.from_age
        and (tariff.below_age is null or aged.age < tariff.below_age)
    left join {{ ref('int_rules__elder_tariff') }} as band_before
        on aged.month = band_before.month and band_before.below_age = tariff.from_age

)

select
    month,
    programme,
    'person' as subject_type,
    person_key,
    cast(null as string) as household_key,
    age_band as event_key,
    case when monthly_amount > tariff_amount then 'high' else 'medium' end as severity,
    abs(monthly_amount - tariff_amount) as amount_at_risk,
    match_grade,
    town_code,
    village_code,
    {{ json_object([
        ('事实', "'尊老金月标准与年龄档不一致'"),
        ('年龄档', 'age_band'),
        ('名册标准', 'monthly_amount'),
        ('应发标准', 'tariff_amount'),
        ('来源', "'尊老金名册、户籍人口'"),
    ]) }} as evidence,
    {{ json_object([
        ('出生日期', 'cast(born_on as string)'),
        ('年龄', 'age'),
        ('名册标准', 'monthly_amount'),
        ('应发标准', 'tariff_amount'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from compared
where monthly_amount <> tariff_amount and (amount_before is null or monthly_amount <> amount_before)
