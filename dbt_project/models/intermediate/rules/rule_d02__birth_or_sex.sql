{#- What a citizen number says of its owner. -#}
{% set number_birth -%}
    try_cast(substr(id_no, 7, 4) || '-' || substr(id_no, 11, 2) || '-' || substr(id_no, 13, 2) as date)
{%- endset %}
{% set number_sex = "case when substr(id_no, 17, 1) in ('1', '3', '5', '7', '9') then '男' else '女' end" %}

with stated as (

    select
        months.month,
        'public_security.population' as dataset,
        register.person_key,
        register.id_no_status,
        register.birth_date <> {{ number_birth }} as birth_differs,
        register.sex <> {{ number_sex }} as sex_differs,
        register.town_code,
        register.village_code,
        register.received_at
    from {{ ref('int_population_period') }} as register
    inner join {{ ref('int_months') }} as months on {{ rules_in('register', 'months.month') }}
    where length(register.id_no) = 18
        and (register.birth_date <> {{ number_birth }} or register.sex <> {{ number_sex }})
    union all
    select
        month,
        'civil_affairs.elder_allowance' as dataset,
        person_key,
        id_no_status,
        birth_date <> {{ number_birth }} as birth_differs,
        false as sex_differs,
        town_code,
        village_code,
        received_at
    from {{ ref('int_elder_allowance_in_force') }}
    where length(id_no) = 18 and birth_date <> {{ number_birth }}
    union all
    select
        months.month,
        'civil_affairs.cremation' as dataset,
        cremation.person_key,
        cremation.id_no_status,
        false as birth_differs,
        true as sex_differs,
        cast(null as string) as town_code,
        cast(null as string) as village_code,
        cremation.received_at
    from {{ ref('stg_civil_affairs__cremation') }} as cremation
    inner join {{ ref('int_months') }} as months on cremation.died_on < {{ plus_months('months.month', 1) }}
    where length(cremation.id_no) = 18 and cremation.sex <> {{ number_sex }}

)

select
    stated.month,
    '' as programme,
    'person' as subject_type,
    stated.person_key,
    cast(null as string) as household_key,
    stated.dataset as event_key,
    'medium' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    case when stated.id_no_status = 'upgraded15' then 'M3' else 'M1' end as match_grade,
    coalesce(stated.town_code, person.town_code) as town_code,
    coalesce(stated.village_code, person.village_code) as village_code,
    {{ json_object([
        ('事实', "'登记的出生日期或性别与身份证号不一致'"),
        ('不一致的项', "case
            when stated.birth_differs and stated.sex_differs then '出生日期和性别'
            when stated.birth_differs then '出生日期'
            else '性别'
        end"),
        ('数据', 'dataset.title_zh'),
    ]) }} as evidence,
    {{ json_object([
        ('数据', 'stated.dataset'),
        ('出生日期不一致', "case when stated.birth_differs then '是' else '否' end"),
        ('性别不一致', "case when stated.sex_differs then '是' else '否' end"),
    ]) }} as evidence_restricted,
    stated.received_at,
    {{ nobody_left_out() }} as left_out
from stated
inner join {{ ref('int_dataset') }} as dataset on stated.dataset = dataset.dataset
left join {{ ref('int_person') }} as person on stated.person_key = person.person_key
