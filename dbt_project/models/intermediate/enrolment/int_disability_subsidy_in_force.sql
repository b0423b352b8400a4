{{ roster_in_force(
    'civil_affairs.disability_subsidy', 'stg_civil_affairs__disability_subsidy',
    ['subsidy', 'person_secret'], ['name', 'village_code']
) }}
