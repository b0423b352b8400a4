with former as (
    select person_key, {{ distinct_list('id_no') }} as former_id_nos
    from {{ ref('int_person_number') }}
    where not is_kept
    group by person_key
)

select
    cast(person.person_key as string) as person_key,
    cast(person.id_no as string) as id_no,
    cast(person.name as string) as name,
    cast(person.birth_date as date) as birth_date,
    cast(death.died_on as date) as died_on,
    cast(certificate.certificate_no as string) as certificate_no,
    cast(coalesce(former.former_id_nos, {{ empty_text_list() }}) as {{ text_list_type() }}) as former_id_nos
from {{ ref('int_person') }} as person
left join {{ ref('int_person_death') }} as death
    on person.person_key = death.person_key
    and person.name = death.name
    and {{ rules_in('death', "date '" ~ var('as_of') ~ "'") }}
left join {{ ref('int_certificate_month') }} as certificate
    on person.person_key = certificate.person_key and certificate.month = date '{{ var("as_of") }}'
left join former on person.person_key = former.person_key
