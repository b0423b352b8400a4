{{ roster_in_force(
    'civil_affairs.assistance_member', 'stg_civil_affairs__assistance_member',
    ['household_secret', 'person_secret'], ['name', 'household_secret']
) }}
