-- What a later delivery said of the same key replaces what an earlier one said.
with newest as (

    {% for contract in var('contracts') if contract.people and contract.delivery != 'snapshot' -%}
    select
        '{{ contract.dataset }}' as source_dataset,
        {{ row_key(contract.key) }} as row_key,
        max(delivery.received_at) as received_at
    from {{ landing_rows(contract.dataset) }}
    where {{ row_key(contract.key) }} in (
        select candidate.row_key from {{ ref('int_rules__name_candidate') }} as candidate
        where candidate.source_dataset = '{{ contract.dataset }}'
    )
    group by {{ row_key(contract.key) }}
    union all
    {% endfor -%}
    select
        cast(null as varchar) as source_dataset,
        cast(null as varchar) as row_key,
        cast(null as timestamp) as received_at
    from {{ ref('int_delivery') }}
    where false

)

select
    candidate.roster_dataset,
    candidate.person_key,
    candidate.roster_name,
    candidate.source_dataset,
    candidate.source_name,
    candidate.is_snapshot,
    candidate.delivery_id,
    candidate.period,
    max(case when candidate.is_upgraded then 1 else 0 end) = 1 as is_upgraded,
    max(candidate.received_at) as received_at
from {{ ref('int_rules__name_candidate') }} as candidate
left join newest on candidate.source_dataset = newest.source_dataset and candidate.row_key = newest.row_key
where candidate.is_snapshot or candidate.received_at = newest.received_at
group by
    candidate.roster_dataset, candidate.person_key, candidate.roster_name, candidate.source_dataset,
    candidate.source_name, candidate.is_snapshot, candidate.delivery_id, candidate.period
