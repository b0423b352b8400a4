-- Linking needs the whole history and is no SQL: the build fills this table when all models are done, and none reads it.
select
    cast(null as string) as dataset,
    cast(null as string) as delivery_id,
    cast(null as string) as member,
    cast(null as string) as sheet,
    cast(null as bigint) as row_number,
    cast(null as string) as kind,
    cast(null as string) as person_key,
    cast(null as decimal(9, 6)) as match_probability,
    cast(null as decimal(9, 6)) as threshold,
    cast(null as boolean) as is_above_threshold
from {{ ref('dim_person') }}
where false
