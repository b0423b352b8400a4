{{ roster_in_force(
    'civil_affairs.extreme_poverty', 'stg_civil_affairs__extreme_poverty', ['person_secret'], ['name', 'village_code']
) }}
