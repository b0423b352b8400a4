with beginning as ( -- what was due before anything was received here is history that was loaded later

    select {{ shanghai_day('min(received_at)') }} as first_day from {{ ref('int_delivery') }}

),

first_of_part as (

    select
        delivery.delivery_id,
        delivery.dataset,
        delivery.part_code,
        delivery.sequence,
        due.month,
        due.due_on,
        delivery.received_at
    from {{ ref('int_delivery') }} as delivery
    inner join {{ ref('int_dataset_due') }} as due
        on delivery.dataset = due.dataset and delivery.period between due.first_month and due.month
    where delivery.status = 'accepted'
    qualify row_number() over (
        partition by delivery.dataset, delivery.part_code, delivery.sequence, due.month
        order by delivery.received_at nulls last, delivery.delivery_id nulls last
    ) = 1

)

select
    first_of_part.*,
    case
        when first_of_part.due_on >= beginning.first_day
            then greatest({{ days_between('first_of_part.due_on', shanghai_day('first_of_part.received_at')) }}, 0)
    end as days_late
from first_of_part
cross join beginning
