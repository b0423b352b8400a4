-- Of one key, a fact's newest delivery is the only one that counts; an upsert's version counts until the next one's period.
with version as (

    {% for contract in var('contracts')
        if contract.people and contract.delivery != 'snapshot' and contract.dataset != 'public_security.population' -%}
    select
        '{{ contract.dataset }}' as source_dataset,
        {{ row_key(contract.key) }} as row_key,
        delivery.delivery_id,
        {% if contract.delivery == 'append' %}date '1900-01-01'{% else %}delivery.period{% endif %} as replaces_from,
        delivery.received_at
    from {{ landing_rows(contract.dataset) }}
    where {{ row_key(contract.key) }} in (
        select candidate.row_key from {{ ref('int_rules__name_candidate') }} as candidate
        where candidate.source_dataset = '{{ contract.dataset }}'
    )
    union all
    {% endfor -%}
    select
        cast(null as string) as source_dataset,
        cast(null as string) as row_key,
        cast(null as string) as delivery_id,
        cast(null as date) as replaces_from,
        cast(null as timestamp) as received_at
    from {{ ref('int_delivery') }}
    where false

),

replaced as (

    select
        source_dataset,
        row_key,
        delivery_id,
        min(replaces_from) over (
            partition by source_dataset, row_key
            order by replaces_from desc nulls last, received_at desc nulls last, delivery_id desc nulls last
            rows between unbounded preceding and 1 preceding
        ) as stands_until
    from version

),

dated as (

    select candidate.*, date '1900-01-01' as counts_from, cast(null as date) as counts_until
    from {{ ref('int_rules__name_candidate') }} as candidate
    where candidate.is_snapshot
    union all
    select candidate.*, candidate.stands_from as counts_from, replaced.stands_until as counts_until
    from {{ ref('int_rules__name_candidate') }} as candidate
    inner join replaced
        on candidate.source_dataset = replaced.source_dataset
        and candidate.row_key = replaced.row_key
        and candidate.delivery_id = replaced.delivery_id
    union all
    select candidate.*, register.valid_from as counts_from, register.valid_to as counts_until
    from {{ ref('int_rules__name_candidate') }} as candidate
    inner join {{ ref('int_population_period') }} as register
        on candidate.person_key = register.person_key and candidate.delivery_id = register.delivery_id
    where candidate.source_dataset = 'public_security.population'

)

-- The first month and the month after the last in which a row of no snapshot counts.
select
    roster_dataset,
    person_key,
    roster_name,
    source_dataset,
    source_name,
    is_snapshot,
    delivery_id,
    counts_from,
    counts_until,
    max(case when is_upgraded then 1 else 0 end) = 1 as is_upgraded,
    max(received_at) as received_at
from dated
where counts_until is null or counts_from < counts_until
group by
    roster_dataset, person_key, roster_name, source_dataset, source_name, is_snapshot, delivery_id, counts_from,
    counts_until
