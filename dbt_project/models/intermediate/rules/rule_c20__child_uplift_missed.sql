with child as (

    select holder.*, member.uplift
    from {{ ref('int_rules__dated_holder') }} as holder
    inner join {{ ref('int_member_month') }} as member
        on holder.month = member.month
        and holder.household_key = member.household_key
        and holder.person_key = member.person_key
    left join {{ ref('int_person_death') }} as death
        on holder.person_key = death.person_key and holder.name = death.name and {{ died_before('death', 'holder.month') }}
    where holder.programme = 'dibao'
        and holder.birth_grade is not null
        and holder.age < {{ parameter('adult_age', 'holder.month') }}
        and coalesce(member.uplift, '无') in ('无', '老年人')
        and death.person_key is null

)

select
    child.month,
    child.programme,
    'person' as subject_type,
    child.person_key,
    cast(null as string) as household_key,
    cast(child.born_on as string) as event_key,
    'medium' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    child.birth_grade as match_grade,
    child.town_code,
    child.village_code,
    {{ json_object([
        ('事实', "'未满十八周岁的低保保障对象，没有登记未成年人增发'"),
        ('现登记类型', "coalesce(child.uplift, '无')"),
        ('来源', "'救助家庭成员名册、户籍人口'"),
    ]) }} as evidence,
    {{ json_object([('出生日期', 'cast(child.born_on as string)')]) }} as evidence_restricted,
    child.received_at,
    {{ nobody_left_out() }} as left_out
from child
