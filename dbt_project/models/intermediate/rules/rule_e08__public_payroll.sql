with person as ( -- supporters count too: what they earn tells what they can give

    select * from {{ ref('int_rules__low_income_member') }}
    where role in ('共同生活', '赡抚扶养人')

),

pay as (

    select
        person_key,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        unit,
        month as paid_month,
        max(post) as post,
        max(received_at) as received_at
    from {{ ref('stg_finance__payroll') }}
    where post in ('公务员', '事业编制', '编外聘用')
        and person_key in (select person_key from person)
    group by person_key, name, name_folded, name_pattern, id_no_status, unit, month

),

named as (

    select distinct
        person_key,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        former_name
    from person

),

matched as ( -- a row under another's name is no pay of this person: it neither bridges nor hides a month

    select
        named.person_key,
        named.name as roster_name,
        named.id_no_status as roster_id_no_status,
        pay.name,
        pay.unit,
        pay.post,
        pay.paid_month,
        pay.received_at,
        {{ match_grade('named', 'pay', 'named.former_name') }} as match_grade
    from named
    inner join pay on named.person_key = pay.person_key
    where {{ match_grade('named', 'pay', 'named.former_name') }} is not null

),

spell as (

    select *
    from {{ with_spells('matched', 'person_key, roster_name, roster_id_no_status, unit', 'paid_month') }} as dated

),

found as ( -- the newest pay of a person by a unit within three months

    select
        person.*,
        spell.unit,
        spell.post,
        spell.paid_month,
        spell.spell_month,
        spell.match_grade,
        greatest(person.received_at, spell.received_at) as found_at
    from person
    inner join spell
        on person.person_key = spell.person_key
        and person.name is not distinct from spell.roster_name
        and person.id_no_status is not distinct from spell.roster_id_no_status
        and spell.paid_month <= person.month
    where spell.paid_month >= {{ plus_months('person.month', '-' ~ parameter('payroll_window_months', 'person.month')) }}
    qualify row_number() over (
        partition by person.month, person.programme, person.subject_key, person.person_key, person.role, spell.unit
        order by spell.paid_month desc nulls last, spell.name asc nulls last
    ) = 1

)

select
    found.month,
    found.programme,
    found.subject_type,
    found.person_key,
    found.household_key,
    found.unit || '|' || cast(found.spell_month as string) as event_key,
    case when found.role = '共同生活' then 'critical' else 'medium' end as severity,
    benefit.paid_amount as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'财政工资发放名单中有该户人员'"),
        ('人员角色', 'found.role'),
        ('单位', 'found.unit'),
        ('岗位性质', 'found.post'),
        ('连续发放起', 'substr(cast(found.spell_month as string), 1, 7)'),
        ('最近发放', 'substr(cast(found.paid_month as string), 1, 7)'),
        ('来源', "'财政供养人员工资发放'"),
    ]) }} as evidence,
    {{ json_object([
        ('姓名', 'found.name'),
        ('人员角色', 'found.role'),
        ('单位名称', 'found.unit'),
        ('岗位性质', 'found.post'),
        ('连续发放起', 'cast(found.spell_month as string)'),
        ('最近发放', 'cast(found.paid_month as string)'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
left join {{ ref('int_rules__benefit') }} as benefit
    on found.month = benefit.month
    and found.pay_programme = benefit.pay_programme
    and found.subject_key = benefit.pay_subject_key
