select
    cast(person.person_key as varchar) as person_key,
    cast(person.id_no as varchar) as id_no,
    cast(person.name as varchar) as name,
    cast(person.birth_date as date) as birth_date,
    cast(death.died_on as date) as died_on,
    cast(certificate.certificate_no as varchar) as certificate_no
from {{ ref('int_person') }} as person
left join {{ ref('int_person_death') }} as death
    on person.person_key = death.person_key and person.name = death.name
left join {{ ref('int_certificate_month') }} as certificate
    on person.person_key = certificate.person_key and certificate.month = date '{{ var("as_of") }}'
