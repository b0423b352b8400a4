{{ roster_in_force(
    'civil_affairs.child_welfare', 'stg_civil_affairs__child_welfare', ['person_secret'], ['name', 'village_code']
) }}
