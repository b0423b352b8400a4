with earner as (

    select * from {{ ref('int_rules__earner') }}
    where programme in ('dibao', 'dibao_single', 'dibao_edge', 'extreme_poverty')

),

pension as (

    select
        delivery.month,
        pension.person_secret,
        pension.name,
        pension.name_folded,
        pension.name_pattern,
        pension.id_no_status,
        pension.scheme,
        case
            when pension.scheme = '城乡居民' then coalesce(pension.monthly_amount, 0) - coalesce(pension.basic_amount, 0)
            else coalesce(pension.monthly_amount, 0)
        end as counted_amount,
        pension.received_at
    from {{ ref('stg_human_resources__pension') }} as pension
    inner join {{ ref('int_delivery_in_force') }} as delivery on pension.delivery_id = delivery.delivery_id
    where pension.status = '正常' and pension.person_secret in (select person_secret from earner)

),

matched as (

    select
        earner.*,
        pension.scheme,
        pension.counted_amount,
        {{ match_grade('earner', 'pension', 'earner.former_name') }} as match_grade,
        pension.received_at as pension_received_at
    from earner
    inner join pension on earner.person_secret = pension.person_secret and earner.month = pension.month

),

summed as (

    select
        *,
        sum(counted_amount) over same_person as pension_amount,
        max(pension_received_at) over same_person as newest_received_at,
        row_number() over (
            partition by month, programme, subject_key, person_key, name
            order by counted_amount desc nulls last, scheme asc nulls last
        ) as choice
    from matched
    where match_grade is not null
    window same_person as (partition by month, programme, subject_key, person_key, name)

),

estimated as (

    select
        summed.*,
        {{ estimated_cents('summed', 'pension', '12 * ' ~ cents('summed.pension_amount')) }} as estimate
    from summed
    where summed.choice = 1

)

select
    estimated.month,
    estimated.programme,
    estimated.subject_type,
    estimated.person_key,
    estimated.household_key,
    estimated.scheme as event_key,
    case when estimated.estimate >= estimated.high_cents then 'high' else 'medium' end as severity,
    benefit.paid_amount as amount_at_risk,
    estimated.match_grade,
    estimated.town_code,
    estimated.village_code,
    {{ json_object([
        ('事实', "'按养老待遇推算的人均收入达到标准线'"),
        ('险种', 'estimated.scheme'),
        ('标准线为低保标准的倍数', 'cast(estimated.line_multiple as decimal(18, 2))'),
        ('来源', "'养老待遇'"),
    ]) }} as evidence,
    {{ json_object([
        ('险种', 'estimated.scheme'),
        ('计入的月养老待遇', 'cast(estimated.pension_amount as decimal(18, 2))'),
        ('登记养老金（年）', yuan('estimated.pension_cents')),
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
