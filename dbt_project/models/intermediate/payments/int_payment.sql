with paid as (
    -- Only dibao is paid to a household as filed; the key decides which rows can join.
    select
        *,
        case when programme = '低保金' then household_key end as filed_household_key
    from {{ ref('stg_civil_affairs__payment') }}
),

filed as (
    select
        household_key,
        max_by(programme, month) as newest_programme
    from {{ ref('int_household_month') }}
    where programme_label = '低保'
    group by household_key
)

select
    payment.payment_no,
    payment.batch_no,
    payment.person_key,
    payment.person_secret,
    payment.id_no,
    payment.id_no_status,
    payment.name,
    payment.name_folded,
    payment.name_pattern,
    payment.household_key,
    payment.household_secret,
    case
        when payment.programme = '低保金'
            then coalesce(household.programme, filed.newest_programme, 'dibao')
        else programme.programme
    end as programme,
    payment.programme as programme_label,
    payment.benefit_month,
    payment.paid_month,
    payment.amount,
    payment.kind,
    payment.result,
    payment.account_name,
    payment.account_name_folded,
    payment.account_name_pattern,
    payment.account_key,
    payment.town_code,
    payment.delivery_id,
    payment.received_at
from paid as payment
left join {{ ref('programmes') }} as programme on payment.programme = programme.payment_label
left join {{ ref('int_household_month') }} as household
    on payment.filed_household_key = household.household_key
    and payment.benefit_month = household.month
    and household.programme_label = '低保'
left join filed on payment.filed_household_key = filed.household_key
