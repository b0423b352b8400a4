with entitled as (

    select
        register.*,
        certificate.certificate_no,
        certificate.category,
        certificate.grade,
        certificate.issued_on,
        {{ match_grade('register', 'certificate', 'register.former_name', 'certificate.by_certificate') }} as match_grade,
        greatest(register.received_at, certificate.received_at) as found_at
    from {{ ref('int_rules__registered') }} as register
    inner join {{ ref('int_rules__certificate_holder') }} as certificate
        on register.person_key = certificate.person_key and register.month = certificate.month
    where certificate.is_severe or (certificate.grade = '三级' and certificate.category in ('智力', '精神'))

),

uncovered as (

    select entitled.*
    from entitled
    left join {{ ref('int_rules__present') }} as covered
        on entitled.person_key = covered.person_key
        and entitled.month = covered.month
        and covered.programme in ('extreme_poverty', 'dibao', 'dibao_single')
    where entitled.match_grade is not null and covered.person_key is null

),

edge as (

    select distinct month, person_key
    from {{ ref('int_rules__holder') }}
    where programme = 'dibao_edge'

),

asked as (

    select distinct person_key, person_secret, name, name_folded, name_pattern, former_name from uncovered

),

paid_window as ( -- the months whose contributions count

    select
        months.month,
        {{ plus_months('months.month', '1 - ' ~ parameter('contribution_window_months', 'months.month')) }} as first_month
    from {{ ref('int_months') }} as months

),

provided_for as ( -- what speaks against having nothing to live on; under another's name it is another's

    select delivery.month, asked.person_key
    from {{ ref('stg_human_resources__pension') }} as pension
    inner join asked
        on pension.person_secret = asked.person_secret
        and {{ names_fit('asked.name', 'pension.name', 'asked.former_name') }}
    inner join {{ ref('int_delivery_in_force') }} as delivery on pension.delivery_id = delivery.delivery_id
    where pension.scheme in ('企业职工', '机关事业') and pension.status = '正常'
    union
    select paid_window.month, asked.person_key
    from {{ ref('stg_human_resources__contribution') }} as contribution
    inner join asked
        on contribution.person_secret = asked.person_secret
        and {{ names_fit('asked.name', 'contribution.name', 'asked.former_name') }}
    inner join paid_window
        on contribution.month <= paid_window.month and contribution.month >= paid_window.first_month
    where contribution.scheme = '单位'
    union
    select delivery.month, asked.person_key
    from {{ ref('stg_public_security__vehicle') }} as vehicle
    inner join asked
        on vehicle.person_secret = asked.person_secret
        and {{ names_fit('asked.name', 'vehicle.name', 'asked.former_name') }}
    inner join {{ ref('int_delivery_in_force') }} as delivery on vehicle.delivery_id = delivery.delivery_id
    where vehicle.plate_kind in ('大型汽车', '小型汽车', '小型新能源汽车', '挂车')
        and vehicle.status in ('正常', '停驶', '违法未处理', '查封', '逾期未检验')
    union
    select business.month, business.person_key
    from {{ ref('int_rules__business') }} as business
    inner join asked
        on business.person_key = asked.person_key
        and {{ names_fit('asked.name', 'business.name', 'asked.former_name') }}
    where business.is_enterprise_post
    union
    select month, person_key
    from {{ ref('int_rules__present') }}
    where programme = 'disability_living'

),

registration as ( -- the newest version of a period up to the month

    select
        months.month,
        estate.person_secret,
        estate.name,
        estate.name_folded,
        estate.name_pattern,
        estate.unit_no,
        estate.use,
        estate.status
    from {{ ref('stg_natural_resources__real_estate') }} as estate
    inner join {{ ref('int_months') }} as months on estate.period <= months.month
    where estate.person_secret in (select person_secret from asked)
    qualify row_number() over (
        partition by months.month, estate.unit_no, estate.person_secret
        order by estate.period desc nulls last, estate.received_at desc nulls last, estate.delivery_id desc nulls last
    ) = 1

),

several_dwellings as (

    select registration.month, asked.person_key
    from registration
    inner join asked
        on registration.person_secret = asked.person_secret
        and {{ names_fit('asked.name', 'registration.name', 'asked.former_name') }}
    where registration.status = '现势' and registration.use = '住宅'
    group by registration.month, asked.person_key
    having count(distinct registration.unit_no) > {{ parameter('unit_max_dwellings', 'registration.month') }}

),

missed as (

    select
        uncovered.*,
        edge.person_key is not null as is_edge
    from uncovered
    left join edge on uncovered.person_key = edge.person_key and uncovered.month = edge.month
    left join provided_for
        on uncovered.person_key = provided_for.person_key and uncovered.month = provided_for.month
    left join several_dwellings
        on uncovered.person_key = several_dwellings.person_key and uncovered.month = several_dwellings.month
    where edge.person_key is not null
        or (
            uncovered.category in ('视力', '肢体', '智力', '精神')
            and provided_for.person_key is null
            and several_dwellings.person_key is null
        )

),

filed as (

    select
        *,
        case when is_edge then 'dibao_single' else 'disability_living' end as programme
    from missed

)

select
    filed.month,
    filed.programme,
    'person' as subject_type,
    filed.person_key,
    cast(null as string) as household_key,
    filed.certificate_no as event_key,
    'high' as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    filed.match_grade,
    filed.town_code,
    filed.village_code,
    {{ json_object([
        ('事实', "case
            when filed.is_edge then '低保边缘家庭中的重残人员，未享受单人保'
            else '持有效重残证，未见收入和财产，未享受低保、特困和生活补贴'
        end"),
        ('发证年月', 'substr(cast(filed.issued_on as string), 1, 7)'),
        ('来源', "'残疾人证、户籍人口、救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('残疾人证号', 'filed.certificate_no'),
        ('残疾类别', 'filed.category'),
        ('残疾等级', 'filed.grade'),
    ]) }} as evidence_restricted,
    filed.found_at as received_at,
    case when refused.name is not null then '名册待更正行中有同村同名，未评估' end as left_out
from filed
left join {{ ref('int_quarantined_roster_name') }} as refused
    on filed.programme = refused.programme
    and filed.month = refused.month
    and filed.name = refused.name
    and filed.village_code = refused.village_code
