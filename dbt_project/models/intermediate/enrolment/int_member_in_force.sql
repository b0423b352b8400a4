{{ roster_in_force(
    'civil_affairs.assistance_member', 'int_member_row',
    ['household_secret', 'person_secret'], ['name', 'household_secret'], 'town_code'
) }}
