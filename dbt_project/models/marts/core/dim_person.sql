select
    cast(person.person_key as string) as person_key,
    cast(person.sex as string) as sex,
    cast(extract(year from person.birth_date) as integer) as birth_year,
    cast(person.register_status as string) as register_status,
    cast(person.town_code as string) as town_code,
    cast(person.village_code as string) as village_code,
    cast(death.died_month as date) as died_month,
    cast(coalesce(death.sources, {{ empty_text_list() }}) as {{ text_list_type() }}) as death_sources,
    cast(person.id_status as string) as id_status
from {{ ref('int_person') }} as person
left join {{ ref('int_person_death') }} as death
    on person.person_key = death.person_key
    and person.name = death.name
    and {{ rules_in('death', "date '" ~ var('as_of') ~ "'") }}
