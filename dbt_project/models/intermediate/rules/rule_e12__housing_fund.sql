with earner as (

    select * from {{ ref('int_rules__earner') }}
    where programme in ('dibao', 'dibao_single', 'dibao_edge', 'extreme_poverty')

),

rated as ( -- a rate above 1 is a percentage; here in millionths

    select
        *,
        case
            when employee_rate > 1 then cast(cast(employee_rate as decimal(18, 6)) * 10000 as bigint)
            when employee_rate > 0 then cast(cast(employee_rate as decimal(18, 6)) * 1000000 as bigint)
        end as rate_millionths
    from {{ ref('stg_housing_fund__contribution') }}
    where person_secret in (select person_secret from earner)

),

fund as ( -- in thousandths of a cent, so that a wage on the line is not rounded away from it

    select
        *,
        case when rate_millionths > 0 then
            {{ divided_half_up(cents(within('0', 'employee_amount', '1000000')) ~ ' * 1000000000', 'rate_millionths') }}
        end as wage_thousandths
    from rated

),

matched as (

    select
        earner.*,
        fund.employer,
        fund.month as paid_month,
        fund.employee_amount,
        fund.wage_thousandths,
        fund.loan_monthly,
        fund.received_at as paid_received_at,
        {{ match_grade('earner', 'fund', 'earner.former_name') }} as match_grade
    from earner
    inner join fund
        on earner.person_secret = fund.person_secret
        and fund.month <= earner.month
    where fund.month >= {{ plus_months('earner.month', '-' ~ parameter('fund_window_months', 'earner.month')) }}

),

newest as (

    select
        *,
        max(paid_month) over (partition by month, programme, subject_key, person_key, name) as newest_month
    from matched
    where match_grade is not null

),

summed as ( -- employers of the newest month, added up

    select
        *,
        sum(wage_thousandths) over same_person as wages,
        max(coalesce(loan_monthly, 0)) over same_person as loan,
        max(paid_received_at) over same_person as newest_received_at,
        row_number() over (
            partition by month, programme, subject_key, person_key, name
            order by employee_amount desc nulls last, employer asc nulls last
        ) as choice
    from newest
    where paid_month = newest_month
    window same_person as (partition by month, programme, subject_key, person_key, name)

),

estimated as (

    select
        *,
        1000 * (net_cents - wage_cents) + 12 * wages as estimate,
        {{ yuan(idiv('wages', '1000')) }} as wage
    from summed
    where choice = 1

)

select
    estimated.month,
    estimated.programme,
    estimated.subject_type,
    estimated.person_key,
    estimated.household_key,
    estimated.employer as event_key,
    case when estimated.loan > 0 then 'high' else 'medium' end as severity,
    benefit.paid_amount as amount_at_risk,
    estimated.match_grade,
    estimated.town_code,
    estimated.village_code,
    {{ json_object([
        ('事实', "'按公积金缴存额推算的人均收入达到标准线'"),
        ('单位', 'estimated.employer'),
        ('最近汇缴', 'substr(cast(estimated.paid_month as string), 1, 7)'),
        ('有公积金贷款', "case when estimated.loan > 0 then '是' else '否' end"),
        ('标准线为低保标准的倍数', 'cast(estimated.line_multiple as decimal(18, 2))'),
        ('来源', "'住房公积金缴存'"),
    ]) }} as evidence,
    {{ json_object([
        ('单位名称', 'estimated.employer'),
        ('最近汇缴', 'cast(estimated.paid_month as string)'),
        ('职工月缴额', 'cast(estimated.employee_amount as decimal(18, 2))'),
        ('推算月工资', 'estimated.wage'),
        ('贷款月还金额', 'cast(estimated.loan as decimal(18, 2))'),
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
where estimated.estimate >= 1000 * estimated.line_cents
