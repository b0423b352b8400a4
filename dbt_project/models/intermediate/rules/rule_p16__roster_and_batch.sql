with cash as (

    select programme, label_zh from {{ ref('programmes') }}
    where is_cash

),

roster as (

    select
        month,
        programme,
        town_code,
        count(*) as rows_held,
        sum(monthly_amount) as amount,
        max(received_at) as received_at
    from {{ ref('int_rules__payee') }}
    where monthly_amount > 0
    group by month, programme, town_code

),

batch as (

    select
        payment.benefit_month as month,
        payment.programme,
        payment.town_code,
        count(*) as payments,
        sum(payment.amount) as amount,
        max(payment.received_at) as received_at
    from {{ ref('int_payment') }} as payment
    inner join cash on payment.programme = cash.programme
    where payment.kind = '正常'
    group by payment.benefit_month, payment.programme, payment.town_code

),

paid_month as (

    select distinct months.month
    from {{ ref('int_months') }} as months
    inner join {{ ref('int_payment') }} as payment on months.month = payment.benefit_month

),

either as (

    select month, programme, town_code from roster
    union
    select month, programme, town_code from batch

),

compared as (

    select
        either.month,
        either.programme,
        either.town_code,
        coalesce(roster.rows_held, 0) as rows_held,
        coalesce(batch.payments, 0) as payments,
        coalesce(roster.amount, 0) as roster_amount,
        coalesce(batch.amount, 0) as batch_amount,
        greatest(
            coalesce(roster.received_at, batch.received_at), coalesce(batch.received_at, roster.received_at)
        ) as found_at
    from either
    inner join paid_month on either.month = paid_month.month
    left join roster
        on either.month = roster.month
        and either.programme = roster.programme
        and either.town_code is not distinct from roster.town_code
    left join batch
        on either.month = batch.month
        and either.programme = batch.programme
        and either.town_code is not distinct from batch.town_code

)

select
    compared.month,
    compared.programme,
    'payment' as subject_type,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    compared.programme || '|' || coalesce(compared.town_code, '') || '|' || cast(compared.month as string) as event_key,
    'critical' as severity,
    cast(0 as decimal(18, 2)) as amount_at_risk,
    'M1' as match_grade,
    compared.town_code,
    cast(null as string) as village_code,
    {{ json_object([
        ('事实', "'一个镇街一个项目的发放批次与名册对不上'"),
        ('项目', 'cash.label_zh'),
        ('所属年月', 'substr(cast(compared.month as string), 1, 7)'),
        ('名册在享', 'compared.rows_held'),
        ('发放笔数', 'compared.payments'),
        ('名册金额', 'cast(compared.roster_amount as decimal(18, 2))'),
        ('发放金额', 'cast(compared.batch_amount as decimal(18, 2))'),
        ('来源', "'名册、发放明细'"),
    ]) }} as evidence,
    {{ json_object([
        ('名册在享', 'compared.rows_held'),
        ('发放笔数', 'compared.payments'),
        ('名册金额', 'cast(compared.roster_amount as decimal(18, 2))'),
        ('发放金额', 'cast(compared.batch_amount as decimal(18, 2))'),
    ]) }} as evidence_restricted,
    compared.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from compared
inner join cash on compared.programme = cash.programme
where compared.rows_held <> compared.payments
    or (compared.programme <> 'extreme_poverty' and abs(compared.roster_amount - compared.batch_amount) >= 0.01)
