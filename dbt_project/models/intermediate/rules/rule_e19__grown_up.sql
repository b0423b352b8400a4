with adult as (

    select holder.*
    from {{ ref('int_rules__dated_holder') }} as holder
    left join {{ ref('int_member_month') }} as pupil
        on holder.month = pupil.month
        and holder.household_key = pupil.household_key
        and holder.person_key = pupil.person_key
        and pupil.in_school
    where holder.programme in ('orphan', 'unattended_child', 'child_in_difficulty', 'dibao')
        and (holder.programme <> 'dibao' or pupil.person_key is not null)
        and holder.age >= {{ parameter('adult_age', 'holder.month') }}
        and holder.birth_grade is not null

),

enrolled as (

    select delivery.month, enrolment.*
    from {{ ref('stg_education__enrolment') }} as enrolment
    inner join {{ ref('int_delivery_in_force') }} as delivery on enrolment.delivery_id = delivery.delivery_id
    where enrolment.person_key in (select person_key from adult)
    qualify row_number() over (
        partition by delivery.month, enrolment.person_key order by delivery.position desc nulls last
    ) = 1

),

left_school as (

    select
        adult.*,
        enrolled.school,
        enrolled.stage,
        enrolled.graduates_on,
        {{ celebrated_on('adult.born_on') }} as celebrated_on,
        {{ match_grade('adult', 'enrolled', 'adult.former_name') }} as enrolment_grade,
        greatest(adult.received_at, coalesce(enrolled.received_at, adult.received_at)) as found_at
    from adult
    left join enrolled on adult.person_key = enrolled.person_key and adult.month = enrolled.month
    where enrolled.person_key is null
        or enrolled.graduates_on < {{ plus_months('adult.month', '-' ~ parameter('graduation_grace_months', 'adult.month')) }}

),

dated as (

    select
        *,
        greatest(birth_grade, enrolment_grade) as match_grade,
        {{ plus_months('celebrated_on', '12 * ' ~ parameter('adult_age', 'left_school.month')) }} as adult_on
    from left_school
    where enrolment_grade is not null

)

select
    dated.month,
    dated.programme,
    'person' as subject_type,
    dated.person_key,
    cast(null as string) as household_key,
    cast(coalesce(dated.graduates_on, dated.adult_on) as string) as event_key,
    'medium' as severity,
    benefit.share_amount as amount_at_risk,
    dated.match_grade,
    dated.town_code,
    dated.village_code,
    {{ json_object([
        ('事实', "case when dated.graduates_on is null then '已满十八岁，没有在校记录' else '已满十八岁，毕业已过三个月' end"),
        ('满十八岁年月', 'substr(cast(dated.adult_on as string), 1, 7)'),
        ('学段', 'dated.stage'),
        ('预计毕业', 'substr(cast(dated.graduates_on as string), 1, 7)'),
        ('来源', "'在校学生'"),
    ]) }} as evidence,
    {{ json_object([
        ('出生日期', 'cast(dated.born_on as string)'),
        ('学校', 'dated.school'),
        ('学段', 'dated.stage'),
        ('预计毕业日期', 'cast(dated.graduates_on as string)'),
    ]) }} as evidence_restricted,
    dated.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from dated
left join {{ ref('int_rules__benefit') }} as benefit
    on dated.month = benefit.month
    and dated.pay_programme = benefit.pay_programme
    and dated.pay_subject_key = benefit.pay_subject_key
