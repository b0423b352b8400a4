with numbered as (
    select
        *,
        row_number() over (
            partition by person_secret order by period desc nulls last, received_at desc nulls last, delivery_id desc nulls last
        ) as age_rank,
        coalesce({{ month_of('status_on') }}, date '1900-01-01') as effective_from
    from {{ ref('stg_public_security__population') }}
),

-- Newest version first: a version rules from its change on, until a newer one does.
ruling as (
    select
        *,
        min(effective_from) over (
            partition by person_secret order by age_rank nulls last
            rows between unbounded preceding and 1 preceding
        ) as ruled_from
    from numbered
),

version as (
    select * from ruling where ruled_from is null or effective_from < ruled_from
),

earliest as (
    select * from version
    qualify row_number() over (partition by person_secret order by effective_from nulls last) = 1
)

{% set demographics -%}
    person_key, person_secret, id_no, id_no_status, name, name_folded, name_pattern, former_name, former_name_folded,
    former_name_pattern, sex, birth_date, register_no, relation, town_code, village_code, address,
    father_person_key, mother_person_key, spouse_person_key, father_id_no, mother_id_no, spouse_id_no
{%- endset %}

select
    {{ demographics }},
    effective_from as valid_from,
    ruled_from as valid_to,
    status,
    status_on,
    destination,
    period,
    delivery_id,
    received_at
from version
union all
-- Before the oldest change that is known the person was registered.
select
    {{ demographics }},
    date '1900-01-01' as valid_from,
    effective_from as valid_to,
    '正常' as status,
    cast(null as date) as status_on,
    cast(null as varchar) as destination,
    period,
    delivery_id,
    received_at
from earliest
where effective_from > date '1900-01-01'
