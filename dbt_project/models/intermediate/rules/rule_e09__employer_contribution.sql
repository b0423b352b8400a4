with earner as (

    select * from {{ ref('int_rules__earner') }}
    where programme in ('dibao', 'dibao_single', 'dibao_edge', 'extreme_poverty')

),

contribution as (

    select
        person_secret,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        coalesce(employer, '') as employer,
        month as paid_month,
        sum(coalesce(base, 0)) as base,
        max(received_at) as received_at
    from {{ ref('stg_human_resources__contribution') }}
    where scheme = '单位' and person_secret in (select person_secret from earner)
    group by person_secret, name, name_folded, name_pattern, id_no_status, coalesce(employer, ''), month

),

named as (

    select distinct
        person_key,
        person_secret,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        former_name
    from earner

),

matched as (

    select
        named.person_key,
        named.name as roster_name,
        named.id_no_status as roster_id_no_status,
        contribution.employer,
        contribution.paid_month,
        contribution.base,
        contribution.received_at,
        {{ match_grade('named', 'contribution', 'named.former_name') }} as match_grade
    from named
    inner join contribution on named.person_secret = contribution.person_secret
    where {{ match_grade('named', 'contribution', 'named.former_name') }} is not null

),

spell as (

    select *
    from {{ with_spells('matched', 'person_key, roster_name, roster_id_no_status, employer', 'paid_month') }} as dated

),

recent as (

    select
        earner.*,
        spell.employer,
        spell.paid_month,
        spell.base,
        spell.spell_month,
        spell.match_grade,
        spell.received_at as paid_received_at,
        -- so many months up to this one: of the newest row, all of them
        dense_rank() over (
            partition by earner.month, earner.programme, earner.subject_key, earner.person_key, earner.name
            order by spell.paid_month asc nulls last
        ) as months_paid,
        sum(spell.base) over same_person as base_paid,
        max(spell.received_at) over same_person as newest_received_at,
        row_number() over (
            partition by earner.month, earner.programme, earner.subject_key, earner.person_key, earner.name
            order by spell.paid_month desc nulls last, spell.base desc nulls last, spell.employer asc nulls last
        ) as choice
    from earner
    inner join spell
        on earner.person_key = spell.person_key
        and earner.name is not distinct from spell.roster_name
        and earner.id_no_status is not distinct from spell.roster_id_no_status
        and spell.paid_month <= earner.month
    where spell.paid_month > {{ plus_months('earner.month', '-' ~ parameter('contribution_window_months', 'earner.month')) }}
    window same_person as (
        partition by earner.month, earner.programme, earner.subject_key, earner.person_key, earner.name
    )

),

estimated as ( -- twelve times the mean of so many months, without dividing

    select
        *,
        months_paid * (net_cents - wage_cents) + 12 * {{ cents('base_paid') }} as estimate,
        {{ money_divided('base_paid', 'months_paid') }} as mean_base
    from recent
    where choice = 1 and months_paid >= {{ parameter('contribution_min_months', 'month') }}

)

select
    estimated.month,
    estimated.programme,
    estimated.subject_type,
    estimated.person_key,
    estimated.household_key,
    estimated.employer || '|' || cast(estimated.spell_month as string) as event_key,
    case when estimated.estimate >= estimated.months_paid * estimated.high_cents then 'high' else 'medium' end as severity,
    benefit.paid_amount as amount_at_risk,
    estimated.match_grade,
    estimated.town_code,
    estimated.village_code,
    {{ json_object([
        ('事实', "'单位连续缴纳社会保险，按缴费基数推算的人均收入达到标准线'"),
        ('单位', 'estimated.employer'),
        ('连续缴费起', 'substr(cast(estimated.spell_month as string), 1, 7)'),
        ('最近缴费', 'substr(cast(estimated.paid_month as string), 1, 7)'),
        ('近期缴费月数', 'estimated.months_paid'),
        ('标准线为低保标准的倍数', 'cast(estimated.line_multiple as decimal(18, 2))'),
        ('来源', "'社会保险缴费'"),
    ]) }} as evidence,
    {{ json_object([
        ('单位名称', 'estimated.employer'),
        ('连续缴费起', 'cast(estimated.spell_month as string)'),
        ('最近缴费', 'cast(estimated.paid_month as string)'),
        ('近期缴费月数', 'estimated.months_paid'),
        ('月均缴费基数', 'estimated.mean_base'),
        ('登记工资性收入（年）', yuan('estimated.wage_cents')),
        ('低保标准', 'cast(estimated.standard as decimal(18, 2))'),
    ]) }} as evidence_restricted,
    greatest(estimated.received_at, estimated.newest_received_at) as received_at,
    {{ nobody_left_out() }} as left_out
from estimated
left join {{ ref('int_rules__benefit') }} as benefit
    on estimated.month = benefit.month
    and estimated.pay_programme = benefit.pay_programme
    and estimated.subject_key = benefit.pay_subject_key
where estimated.estimate >= estimated.months_paid * estimated.line_cents
