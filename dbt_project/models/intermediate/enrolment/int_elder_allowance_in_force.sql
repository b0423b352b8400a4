{{ roster_in_force(
    'civil_affairs.elder_allowance', 'stg_civil_affairs__elder_allowance',
    ['person_secret'], ['name', 'village_code'], 'town_code'
) }}
