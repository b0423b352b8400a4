{%- set sources -%}
    concat_ws(
        '、',
        case when found.cremation_died_on is not null then '火化登记' end,
        case when found.certificate_died_on is not null then '死亡医学证明' end,
        case when found.population_died_on is not null then '户籍注销' end
    )
{%- endset %}
with holder as (

    select * from {{ ref('int_rules__holder') }}

),

died as ( -- the best date, by M1 to M3

    select
        holder.*,
        death.died_on,
        death.died_month,
        death.match_grade,
        'critical' as severity,
        death.cremation_died_on,
        death.certificate_died_on,
        death.population_died_on,
        greatest(holder.received_at, death.received_at) as found_at
    from holder
    inner join {{ ref('int_person_death') }} as death
        on holder.person_key = death.person_key and holder.name = death.name and {{ died_before('death', 'holder.month') }}

),

candidate as ( -- a cremation without a number that fits one registered person alone; that person is not known as dead

    select
        holder.*,
        candidate.died_on,
        candidate.died_month,
        candidate.match_grade,
        'medium' as severity,
        candidate.died_on as cremation_died_on,
        cast(null as date) as certificate_died_on,
        cast(null as date) as population_died_on,
        greatest(holder.received_at, candidate.received_at) as found_at
    from holder
    inner join {{ ref('int_death_candidate') }} as candidate
        on holder.person_key = candidate.person_key and candidate.died_month < holder.month
    inner join {{ ref('int_person_name') }} as known
        on candidate.person_key = known.person_key and candidate.name = known.name
    where {{ names_fit('holder.name', 'known.name') }}
        and not exists (
            select 1 from died
            where died.person_key = holder.person_key and died.month = holder.month
        )

),

found as (

    select * from died
    union all
    select * from candidate

),

paid_since as (

    select found.month, found.programme, found.person_key, found.pay_subject_key, found.died_on,
        sum(benefit.share_amount) as amount,
        max(benefit.month) as last_paid_month,
        count(*) as months_paid
    from found
    inner join {{ ref('int_rules__benefit') }} as benefit
        on found.pay_programme = benefit.pay_programme
        and found.pay_subject_key = benefit.pay_subject_key
        and benefit.month > found.died_month
        and benefit.month <= found.month
    group by found.month, found.programme, found.person_key, found.pay_subject_key, found.died_on

)

select
    found.month,
    found.programme,
    'person' as subject_type,
    found.person_key,
    cast(null as string) as household_key,
    cast(found.died_on as string) as event_key,
    found.severity,
    paid_since.amount as amount_at_risk,
    found.match_grade,
    found.town_code,
    found.village_code,
    {{ json_object([
        ('事实', "'死亡次月以后仍在享'"),
        ('请先核实', death_before_birth('found.died_on', 'person.birth_date')),
        ('死亡年月', 'substr(cast(found.died_month as string), 1, 7)'),
        ('火化登记', 'substr(cast(found.cremation_died_on as string), 1, 7)'),
        ('死亡医学证明', 'substr(cast(found.certificate_died_on as string), 1, 7)'),
        ('户籍注销', 'substr(cast(found.population_died_on as string), 1, 7)'),
        ('最后发放所属年月', 'substr(cast(paid_since.last_paid_month as string), 1, 7)'),
        ('多发月数', 'coalesce(paid_since.months_paid, 0)'),
        ('多发金额', 'coalesce(paid_since.amount, 0)'),
        ('来源', sources),
    ]) }} as evidence,
    {{ json_object([
        ('死亡日期', 'cast(found.died_on as string)'),
        ('火化登记', 'cast(found.cremation_died_on as string)'),
        ('死亡医学证明', 'cast(found.certificate_died_on as string)'),
        ('户籍注销', 'cast(found.population_died_on as string)'),
        ('最后发放所属年月', 'cast(paid_since.last_paid_month as string)'),
        ('多发金额', 'coalesce(paid_since.amount, 0)'),
    ]) }} as evidence_restricted,
    found.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from found
left join paid_since
    on found.month = paid_since.month
    and found.programme = paid_since.programme
    and found.person_key = paid_since.person_key
    and found.pay_subject_key = paid_since.pay_subject_key
    and found.died_on = paid_since.died_on
left join {{ ref('int_person') }} as person on found.person_key = person.person_key
