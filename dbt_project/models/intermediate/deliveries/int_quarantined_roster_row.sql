-- What a refused row still says about whom it names; person and household only as the list keys them.
select
    'civil_affairs.assistance_household' as dataset,
    landing.delivery as delivery_id,
    landing.head_name as name,
    landing.village as village_code,
    landing.household_no_key as household_secret,
    landing.programme as kind
from {{ read_landing('civil_affairs.assistance_household', 'quarantined') }} as landing
union all
select
    'civil_affairs.assistance_member' as dataset,
    landing.delivery as delivery_id,
    landing.name,
    cast(null as string) as village_code,
    landing.household_no_key as household_secret,
    cast(null as string) as kind
from {{ read_landing('civil_affairs.assistance_member', 'quarantined') }} as landing
{% for dataset, kind in [
    ('civil_affairs.extreme_poverty', 'cast(null as string)'),
    ('civil_affairs.disability_subsidy', 'landing.subsidy'),
    ('civil_affairs.elder_allowance', 'cast(null as string)'),
    ('civil_affairs.child_welfare', 'landing.kind'),
    ('disabled_federation.certificate', 'cast(null as string)'),
] -%}
union all
select
    '{{ dataset }}' as dataset,
    landing.delivery as delivery_id,
    landing.name,
    landing.village as village_code,
    cast(null as string) as household_secret,
    {{ kind }} as kind
from {{ read_landing(dataset, 'quarantined') }} as landing
{% endfor %}
