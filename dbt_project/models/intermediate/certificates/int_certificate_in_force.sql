{{ roster_in_force(
    'disabled_federation.certificate', 'stg_disabled_federation__certificate',
    ['certificate_no'], ['name', 'village_code']
) }}
