-- Read from landing by the contracts, so that a new dataset's names are compared without a change.
with listed as (

    select
        dataset,
        person_key,
        person_secret,
        name,
        name_folded,
        name_pattern,
        max(id_no_status) as id_no_status
    from {{ ref('int_rules__roster_listed') }}
    where person_secret is not null and name is not null
    group by dataset, person_key, person_secret, name, name_folded, name_pattern

),

candidate as (

    {% for contract in var('contracts') -%}
    {% for people in contract.people if people.name_column -%}
    {% set named = 'landing.' ~ people.name_column -%}
    select
        listed.dataset as roster_dataset,
        listed.person_key,
        listed.name as roster_name,
        '{{ contract.dataset }}' as source_dataset,
        {{ named }} as source_name,
        '{{ contract.delivery }}' = 'snapshot' as is_snapshot,
        {{ row_key(contract.key) }} as row_key,
        listed.id_no_status = 'upgraded15' or landing.{{ people.id_column }}_status = 'upgraded15' as is_upgraded,
        delivery.delivery_id,
        delivery.period,
        delivery.received_at
    from {{ landing_rows(contract.dataset) }}
    inner join listed on landing.{{ people.id_column }}_key = listed.person_secret
    left join {{ ref('int_rules__former_name') }} as former on listed.person_key = former.person_key
    where {{ named }} is not null
        and not ({{ names_fit('listed.name', named, 'former.former_name') }})
    union all
    {% endfor -%}
    {% endfor -%}
    select
        cast(null as varchar) as roster_dataset,
        cast(null as varchar) as person_key,
        cast(null as varchar) as roster_name,
        cast(null as varchar) as source_dataset,
        cast(null as varchar) as source_name,
        cast(null as boolean) as is_snapshot,
        cast(null as varchar) as row_key,
        cast(null as boolean) as is_upgraded,
        cast(null as varchar) as delivery_id,
        cast(null as date) as period,
        cast(null as timestamp) as received_at
    from {{ ref('int_delivery') }}
    where false

),

-- What a later delivery said of the same key replaces what an earlier one said.
newest as (

    {% for contract in var('contracts') if contract.people and contract.delivery != 'snapshot' -%}
    select
        '{{ contract.dataset }}' as source_dataset,
        {{ row_key(contract.key) }} as row_key,
        max(delivery.received_at) as received_at
    from {{ landing_rows(contract.dataset) }}
    where {{ row_key(contract.key) }} in (
        select candidate.row_key from candidate
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
from candidate
left join newest on candidate.source_dataset = newest.source_dataset and candidate.row_key = newest.row_key
where candidate.is_snapshot or candidate.received_at = newest.received_at
group by
    candidate.roster_dataset, candidate.person_key, candidate.roster_name, candidate.source_dataset,
    candidate.source_name, candidate.is_snapshot, candidate.delivery_id, candidate.period
