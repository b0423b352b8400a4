{#- What only some rosters say; the others leave it empty. -#}
{% set particular = [
    ('end_reason', 'string'), ('grace_until', 'date'), ('tier', 'string'), ('kind', 'string'),
    ('certificate_no', 'string'), ('certificate_person_key', 'string'), ('disability_category', 'string'),
    ('disability_grade', 'string'), ('support_mode', 'string'), ('placement', 'string'), ('self_care', 'string'),
    ('guardian_person_key', 'string'), ('area_kind', 'string'), ('birth_date', 'date'),
    ('determined_until', 'date'), ('next_review_on', 'date'),
] %}
{% set rosters = [
    {
        'model': 'int_extreme_poverty_in_force', 'dataset': 'civil_affairs.extreme_poverty',
        'programme': "'extreme_poverty'", 'amount': 'coalesce(roster.basic_amount, 0) + coalesce(roster.care_amount, 0)',
        'says': ['end_reason', 'support_mode', 'self_care', 'area_kind', 'next_review_on'],
    },
    {
        'model': 'int_disability_subsidy_in_force', 'dataset': 'civil_affairs.disability_subsidy',
        'programme': "case roster.subsidy when '困难残疾人生活补贴' then 'disability_living' else 'disability_nursing' end",
        'amount': 'roster.monthly_amount',
        'says': [
            'end_reason', 'tier', 'certificate_no', 'certificate_person_key', 'disability_category',
            'disability_grade', 'area_kind',
        ],
    },
    {
        'model': 'int_elder_allowance_in_force', 'dataset': 'civil_affairs.elder_allowance',
        'programme': "'elder_allowance'", 'amount': 'roster.monthly_amount', 'says': ['end_reason', 'birth_date'],
    },
    {
        'model': 'int_child_welfare_in_force', 'dataset': 'civil_affairs.child_welfare',
        'programme': child_programme('roster.kind'), 'amount': 'roster.monthly_amount',
        'says': ['kind', 'placement', 'determined_until', 'guardian_person_key'],
    },
] %}

with household_rows as (
    select
        member.*,
        case
            when household.programme_label = '低保' and member.single_person then 'dibao_single'
            when household.programme_label = '低保' then 'dibao'
            else household.programme
        end as person_programme,
        household.status,
        household.holds,
        household.is_suspended,
        household.start_month,
        household.end_month,
        household.end_reason,
        household.grace_until,
        household.monthly_amount as household_amount,
        household.covered_rows,
        row_number() over (
            partition by member.month, member.household_key order by member.person_secret nulls last
        ) as position
    from {{ ref('int_member_month') }} as member
    inner join {{ ref('int_household_month') }} as household
        on member.month = household.month and member.household_key = household.household_key
    where
        member.role = '共同生活'
        and (household.programme_label <> '低保' or member.covered)
)

select
    month,
    person_programme as programme,
    person_key,
    person_secret,
    household_key,
    household_secret,
    status,
    holds,
    is_suspended,
    start_month,
    end_month,
    {% for column, type in particular -%}
    {% if column in ['end_reason', 'grace_until', 'disability_category', 'disability_grade'] -%}
    {{ column }},
    {% else -%}
    cast(null as {{ type }}) as {{ column }},
    {% endif -%}
    {% endfor -%}
    cast(case
        when person_programme in ('dibao', 'dibao_single')
            then {{ share_of('coalesce(household_amount, 0)', 'covered_rows', 'position') }}
        else 0
    end as decimal(18, 2)) as monthly_amount,
    cast(household_amount as decimal(18, 2)) as household_amount,
    id_no,
    id_no_status,
    name,
    name_folded,
    name_pattern,
    town_code,
    village_code,
    'civil_affairs.assistance_member' as roster_dataset,
    delivery_id,
    is_carried,
    received_at
from household_rows
{% for roster in rosters -%}
union all
select
    roster.month,
    {{ roster.programme }} as programme,
    roster.person_key,
    roster.person_secret,
    cast(null as string) as household_key,
    cast(null as string) as household_secret,
    roster.status,
    {{ holds('roster') }} as holds,
    roster.status = '暂停' as is_suspended,
    roster.start_month,
    roster.end_month,
    {% for column, type in particular -%}
    {% if column in roster.says -%}
    roster.{{ column }},
    {% else -%}
    cast(null as {{ type }}) as {{ column }},
    {% endif -%}
    {% endfor -%}
    cast({{ roster.amount }} as decimal(18, 2)) as monthly_amount,
    cast(null as decimal(18, 2)) as household_amount,
    roster.id_no,
    roster.id_no_status,
    roster.name,
    roster.name_folded,
    roster.name_pattern,
    roster.town_code,
    roster.village_code,
    '{{ roster.dataset }}' as roster_dataset,
    roster.delivery_id,
    roster.is_carried,
    roster.received_at
from {{ ref(roster.model) }} as roster
{% endfor %}
