{# Flags alone: that a department speaks of somebody, and never how much, where or why. #}
with holder as (

    select distinct person_key, month, name, name_folded, name_pattern, id_no_status, former_name
    from {{ ref('int_rules__holder') }}

),

said as (

    select 'employment' as fact, person_key, month, name, name_folded, name_pattern, id_no_status
    from {{ ref('stg_human_resources__contribution') }}
    where scheme = '单位'

    union all

    select
        'pension' as fact, pension.person_key, delivery.month, pension.name, pension.name_folded, pension.name_pattern,
        pension.id_no_status
    from {{ ref('stg_human_resources__pension') }} as pension
    inner join {{ ref('int_delivery_in_force') }} as delivery on pension.delivery_id = delivery.delivery_id
    where pension.status = '正常'

    union all

    select
        'vehicle' as fact, vehicle.person_key, delivery.month, vehicle.name, vehicle.name_folded, vehicle.name_pattern,
        vehicle.id_no_status
    from {{ ref('stg_public_security__vehicle') }} as vehicle
    inner join {{ ref('int_delivery_in_force') }} as delivery on vehicle.delivery_id = delivery.delivery_id

    union all

    select 'business' as fact, person_key, month, name, name_folded, name_pattern, id_no_status
    from {{ ref('int_rules__business') }}

    union all

    select
        'medical' as fact, person_key, {{ month_of('settled_on') }} as month, name, name_folded, name_pattern,
        id_no_status
    from {{ ref('stg_medical_insurance__settlement') }}

    union all

    select 'custody' as fact, person_key, month, name, name_folded, name_pattern, id_no_status
    from {{ ref('int_rules__custody') }}

)

select distinct
    cast(holder.person_key as string) as person_key,
    cast(holder.month as date) as month,
    cast(said.fact as string) as fact
from holder
inner join said on holder.person_key = said.person_key and holder.month = said.month
where {{ match_grade('holder', 'said', 'holder.former_name') }} is not null
