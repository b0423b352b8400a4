with harm as (

    select months.month, incident.*
    from {{ ref('stg_emergency__incident') }} as incident
    inner join {{ ref('int_months') }} as months on {{ month_of('incident.occurred_on') }} = months.month
    where incident.casualty <> '无' or incident.house_damage

),

numbered as (

    select * from harm
    where person_key is not null

),

unnumbered as (

    select * from harm
    where person_key is null and address is not null

),

asked as (

    select month, person_key from numbered
    union
    select unnumbered.month, register.person_key
    from unnumbered
    inner join {{ ref('int_population_period') }} as register on unnumbered.name = register.name

),

registered as (

    select * from {{ registered_among('asked') }}

),

by_number as (

    select
        registered.month,
        registered.person_key,
        registered.town_code,
        registered.village_code,
        numbered.incident_no,
        numbered.name,
        {{ match_grade('registered', 'numbered', 'registered.former_name') }} as match_grade,
        greatest(registered.received_at, numbered.received_at) as found_at
    from numbered
    inner join registered on numbered.person_key = registered.person_key and numbered.month = registered.month

),

by_circumstances as ( -- exactly one registered person of the name lives in the village that the address names

    select
        unnumbered.month,
        max(registered.person_key) as person_key,
        max(registered.town_code) as town_code,
        max(registered.village_code) as village_code,
        unnumbered.incident_no,
        unnumbered.name,
        'M4' as match_grade,
        max(greatest(registered.received_at, unnumbered.received_at)) as found_at
    from unnumbered
    inner join registered on unnumbered.name = registered.name and unnumbered.month = registered.month
    inner join {{ ref('int_regions') }} as village
        on registered.village_code = village.region_code and unnumbered.address like '%' || village.name || '%'
    group by unnumbered.month, unnumbered.incident_no, unnumbered.name
    having count(distinct registered.person_key) = 1

),

found as (

    select * from by_number
    where match_grade is not null
    union all
    select * from by_circumstances

)

select
    found.month,
    'temporary_assistance' as programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    found.incident_no as event_key,
    case when found.match_grade = 'M4' then 'medium' else 'critical' end as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'本月发生突发事件，需上门了解'"),
        ('事件类型', 'harm.kind'),
        ('发生年月', 'substr(cast(harm.occurred_on as string), 1, 7)'),
        ('房屋受损', "case when harm.house_damage then '是' else '否' end"),
        ('身份匹配', "case when found.match_grade = 'M4' then '按姓名和村居匹配，请先核实身份' end"),
        ('来源', "'突发事件登记'"),
    ]) }} as evidence,
    {{ json_object([
        ('事件编号', 'found.incident_no'),
        ('登记姓名', 'found.name'),
        ('发生日期', 'cast(harm.occurred_on as string)'),
        ('伤亡情况', 'harm.casualty'),
        ('地址', 'harm.address'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
inner join harm on found.incident_no = harm.incident_no and found.name = harm.name
