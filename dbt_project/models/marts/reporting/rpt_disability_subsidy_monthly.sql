{{ roster_beside_payments(
    ['disability_living', 'disability_nursing'], ['tier', 'disability_category', 'disability_grade']
) }}
