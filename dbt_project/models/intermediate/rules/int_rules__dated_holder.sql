-- age(x, m): the register's birth date, else the number's. A register row under another name tells nothing: no grade.
{{ config(materialized='view') }}
with holder as (

    select
        *,
        try_cast(
            substr(id_no, 7, 4) || '-' || substr(id_no, 11, 2) || '-' || substr(id_no, 13, 2) as date
        ) as id_birth_date
    from {{ ref('int_rules__holder') }}

),

dated as (

    select
        holder.*,
        coalesce(register.birth_date, holder.id_birth_date) as born_on,
        case
            when register.person_key is not null then {{ match_grade('holder', 'register', 'register.former_name') }}
            when holder.id_no_status = 'upgraded15' then 'M3'
            else 'M1'
        end as birth_grade
    from holder
    left join {{ ref('int_population_period') }} as register
        on holder.person_key = register.person_key
        and {{ rules_in('register', 'holder.month') }}

)

select *, {{ age_in_month('born_on', 'month') }} as age
from dated
