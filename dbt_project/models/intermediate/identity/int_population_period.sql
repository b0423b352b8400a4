with several as (
    select person_secret
    from {{ ref('stg_public_security__population') }}
    group by person_secret
    having count(*) > 1
),

-- Nearly everybody has one version; only the others need to be put in order.
numbered as (
    select
        population.*,
        row_number() over (
            partition by population.person_secret
            order by
                population.period desc nulls last, population.received_at desc nulls last,
                population.delivery_id desc nulls last, population.id_no desc nulls last
        ) as age_rank,
        coalesce({{ month_of('population.status_on') }}, date '1900-01-01') as effective_from
    from {{ ref('stg_public_security__population') }} as population
    inner join several on population.person_secret = several.person_secret
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
    select
        *,
        row_number() over (partition by person_secret order by effective_from nulls last) = 1 as is_earliest
    from ruling
    where ruled_from is null or effective_from < ruled_from
    union all
    select
        population.*,
        1 as age_rank,
        coalesce({{ month_of('population.status_on') }}, date '1900-01-01') as effective_from,
        cast(null as date) as ruled_from,
        true as is_earliest
    from {{ ref('stg_public_security__population') }} as population
    left join several on population.person_secret = several.person_secret
    where several.person_secret is null
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
    cast(null as string) as destination,
    period,
    delivery_id,
    received_at
from version
where is_earliest and effective_from > date '1900-01-01'
