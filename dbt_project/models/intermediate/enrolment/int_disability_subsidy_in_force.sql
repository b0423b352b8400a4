{{ roster_in_force(
    'civil_affairs.disability_subsidy', 'int_disability_subsidy_row',
    ['subsidy', 'person_secret'], ['name', 'village_code', 'kind']
) }}
