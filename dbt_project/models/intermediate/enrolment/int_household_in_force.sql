{{ roster_in_force(
    'civil_affairs.assistance_household', 'int_household_row', ['household_secret'], ['name', 'village_code'], 'town_code'
) }}
