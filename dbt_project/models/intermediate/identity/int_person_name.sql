-- The names under which each person is filed where we pay or where the register keeps them.
with filed as (
    select 'population' as origin, person_secret, name, name_folded, name_pattern, id_no_status, period, received_at
    from {{ ref('stg_public_security__population') }}
    {% for origin, model in [
        ('assistance_member', 'stg_civil_affairs__assistance_member'),
        ('extreme_poverty', 'stg_civil_affairs__extreme_poverty'),
        ('disability_subsidy', 'stg_civil_affairs__disability_subsidy'),
        ('elder_allowance', 'stg_civil_affairs__elder_allowance'),
        ('child_welfare', 'stg_civil_affairs__child_welfare'),
        ('payment', 'int_payment'),
        ('certificate', 'stg_disabled_federation__certificate'),
        ('poverty_monitor', 'stg_rural_affairs__poverty_monitor'),
    ] -%}
    union all
    select
        '{{ origin }}' as origin, person_secret, name, name_folded, name_pattern, id_no_status,
        {{ 'paid_month as period' if origin == 'payment' else 'period' }}, received_at
    from {{ ref(model) }}
    {% endfor %}
),

named as (
    select
        person_secret,
        name,
        name_folded,
        name_pattern,
        max(id_no_status) as id_no_status,
        max(case when origin = 'population' then 1 else 0 end) = 1 as is_in_register,
        max(case when origin in ('population', 'certificate', 'poverty_monitor') then 0 else 1 end) = 1 as is_filed_with_us,
        max(period) as newest_period,
        max(received_at) as received_at
    from filed
    where person_secret is not null and name is not null
    group by person_secret, name, name_folded, name_pattern
)

select
    person.person_key,
    named.name,
    named.name_folded,
    named.name_pattern,
    named.id_no_status,
    named.is_in_register,
    named.is_filed_with_us,
    named.newest_period,
    named.received_at
from named
inner join {{ ref('int_person_seen') }} as person on named.person_secret = person.person_secret
