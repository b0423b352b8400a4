-- Whom a row is about is said by the first citizen number of its contract.
with counted as (

    select
        delivery_id,
        person_secret,
        name,
        name_folded,
        name_pattern,
        sum(copies) as copies
    from {{ ref('int_number_seen') }}
    where is_subject
    group by delivery_id, person_secret, name, name_folded, name_pattern

),

-- What remains may still be a name with a damaged character, here or in the register.
damaged as (

    select distinct
        counted.person_secret,
        counted.name
    from counted
    inner join {{ ref('stg_public_security__population') }} as registered
        on counted.person_secret = registered.person_secret
    where {{ names_fit('counted.name', 'registered.name') }}

),

-- Of a register that has not come nobody can be unknown.
register as (

    select count(*) > 0 as has_come from {{ ref('stg_public_security__population') }}

)

select
    counted.delivery_id,
    cast(sum(counted.copies) as bigint) as rows_with_number,
    cast(sum(
        case
            when not register.has_come then null
            when counted.person_secret is null or damaged.person_secret is not null then counted.copies
            else 0
        end
    ) as bigint) as rows_registered
from counted
cross join register
left join damaged on counted.person_secret = damaged.person_secret and counted.name = damaged.name
group by counted.delivery_id
