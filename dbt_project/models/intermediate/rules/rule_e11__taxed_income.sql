with earner as (

    select * from {{ ref('int_rules__earner') }}
    where programme in ('dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure')

),

income as (

    select
        person_secret,
        name,
        name_folded,
        name_pattern,
        id_no_status,
        payer,
        month as taxed_month,
        sum(income) as income,
        max(received_at) as received_at
    from {{ ref('stg_taxation__personal_income') }}
    where person_secret in (select person_secret from earner)
    group by person_secret, name, name_folded, name_pattern, id_no_status, payer, month

),

matched as ( -- the twelve months up to the one judged

    select
        earner.month,
        earner.programme,
        earner.subject_key,
        earner.person_key,
        earner.name,
        income.payer,
        income.income,
        income.taxed_month,
        income.received_at,
        {{ match_grade('earner', 'income', 'earner.former_name') }} as match_grade
    from earner
    inner join income
        on earner.person_secret = income.person_secret
        and income.taxed_month <= earner.month
    where income.taxed_month > {{ plus_months('earner.month', '-' ~ parameter('taxed_income_window_months', 'earner.month')) }}

),

by_payer as (

    select
        month,
        programme,
        subject_key,
        person_key,
        name,
        payer,
        sum(income) as income,
        max(taxed_month) as newest_month,
        min(match_grade) as match_grade,
        max(received_at) as received_at
    from matched
    where match_grade is not null
    group by month, programme, subject_key, person_key, name, payer

),

summed as (

    select
        *,
        sum(income) over same_person as taxed_income,
        max(received_at) over same_person as newest_received_at,
        row_number() over (
            partition by month, programme, subject_key, person_key, name
            order by income desc nulls last, payer asc nulls last
        ) as choice
    from by_payer
    window same_person as (partition by month, programme, subject_key, person_key, name)

),

estimated as (

    select
        earner.*,
        summed.payer,
        summed.income,
        summed.newest_month,
        summed.taxed_income,
        summed.match_grade,
        summed.newest_received_at,
        {{ estimated_cents('earner', 'wage', cents('summed.taxed_income')) }} as estimate
    from earner
    inner join summed
        on earner.month = summed.month
        and earner.programme = summed.programme
        and earner.subject_key = summed.subject_key
        and earner.person_key = summed.person_key
        and earner.name is not distinct from summed.name
        and summed.choice = 1

)

select
    estimated.month,
    estimated.programme,
    estimated.subject_type,
    estimated.person_key,
    estimated.household_key,
    estimated.payer as event_key,
    'medium' as severity,
    benefit.paid_amount as amount_at_risk,
    estimated.match_grade,
    estimated.town_code,
    estimated.village_code,
    {{ json_object([
        ('事实', "'按近十二个月个人所得税申报推算的人均收入达到标准线'"),
        ('扣缴单位', 'estimated.payer'),
        ('最近税款所属期', 'substr(cast(estimated.newest_month as string), 1, 7)'),
        ('标准线为低保标准的倍数', 'cast(estimated.line_multiple as decimal(18, 2))'),
        ('来源', "'个人所得税申报'"),
    ]) }} as evidence,
    {{ json_object([
        ('扣缴单位', 'estimated.payer'),
        ('该单位十二个月收入', 'cast(estimated.income as decimal(18, 2))'),
        ('十二个月收入合计', 'cast(estimated.taxed_income as decimal(18, 2))'),
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
where estimated.estimate >= estimated.line_cents
