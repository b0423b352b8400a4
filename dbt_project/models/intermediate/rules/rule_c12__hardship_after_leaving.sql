with sign as (

    {% for model, words in [
        ('rule_c01__medical_costs', '医疗费用自付较高'),
        ('rule_c08__unemployment_benefit_ending', '失业'),
        ('rule_c09__incident', '突发事件'),
    ] -%}
    select month, person_key, '{{ words }}' as words, match_grade, received_at
    from {{ ref(model) }}
    where match_grade <> 'M4'
    union all
    {% endfor -%}
    select month, person_key, '医疗费用结算有新情况' as words, match_grade, received_at
    from {{ ref('int_rules__new_disease') }}

),

found as (

    select
        gone.month,
        gone.programme,
        gone.person_key,
        gone.left_month,
        max(gone.town_code) as town_code,
        max(gone.village_code) as village_code,
        {{ joined_values('sign.words', '、') }} as signs,
        min(sign.match_grade) as match_grade,
        max(greatest(gone.received_at, sign.received_at)) as found_at
    from {{ ref('int_rules__left') }} as gone
    inner join sign on gone.person_key = sign.person_key and gone.month = sign.month
    left join {{ ref('int_person_death') }} as death
        on gone.person_key = death.person_key and gone.name = death.name and {{ died_before('death', 'gone.month') }}
    where death.person_key is null
    group by gone.month, gone.programme, gone.person_key, gone.left_month

)

select
    found.month,
    found.programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    cast(found.left_month as string) as event_key,
    'high' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'退出救助一年内又出现困难'"),
        ('退出年月', 'substr(cast(found.left_month as string), 1, 7)'),
        ('困难情况', 'found.signs'),
        ('来源', "'救助名册、部门共享数据'"),
    ]) }} as evidence,
    {{ json_object([
        ('退出年月', 'cast(found.left_month as string)'),
        ('困难情况', 'found.signs'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
