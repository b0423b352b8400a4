{% set name_trio = ['id_no', 'id_no_status', 'name', 'name_folded', 'name_pattern'] %}

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
    end_reason,
    grace_until,
    cast(null as varchar) as tier,
    cast(null as varchar) as kind,
    cast(null as varchar) as certificate_no,
    cast(null as varchar) as certificate_person_key,
    disability_category,
    disability_grade,
    cast(null as varchar) as support_mode,
    cast(null as varchar) as placement,
    cast(case
        when person_programme in ('dibao', 'dibao_single')
            then {{ share_of('coalesce(household_amount, 0)', 'covered_rows', 'position') }}
        else 0
    end as decimal(18, 2)) as monthly_amount,
    cast(household_amount as decimal(18, 2)) as household_amount,
    cast(null as date) as birth_date,
    {{ name_trio | join(', ') }},
    cast(null as date) as determined_until,
    cast(null as varchar) as guardian_person_key,
    cast(null as varchar) as self_care,
    cast(null as varchar) as area_kind,
    cast(null as date) as next_review_on,
    town_code,
    village_code,
    'civil_affairs.assistance_member' as roster_dataset,
    delivery_id,
    is_carried,
    received_at
from household_rows
{% for roster in [
    {
        'model': 'int_extreme_poverty_in_force', 'dataset': 'civil_affairs.extreme_poverty',
        'programme': "'extreme_poverty'", 'amount': 'coalesce(roster.basic_amount, 0) + coalesce(roster.care_amount, 0)',
        'own': ['end_reason', 'support_mode', 'self_care', 'area_kind', 'next_review_on'],
    },
    {
        'model': 'int_disability_subsidy_in_force', 'dataset': 'civil_affairs.disability_subsidy',
        'programme': "case roster.subsidy when '困难残疾人生活补贴' then 'disability_living' else 'disability_nursing' end",
        'amount': 'roster.monthly_amount',
        'own': [
            'end_reason', 'tier', 'certificate_no', 'certificate_person_key', 'disability_category',
            'disability_grade', 'area_kind',
        ],
    },
    {
        'model': 'int_elder_allowance_in_force', 'dataset': 'civil_affairs.elder_allowance',
        'programme': "'elder_allowance'", 'amount': 'roster.monthly_amount', 'own': ['end_reason', 'birth_date'],
    },
    {
        'model': 'int_child_welfare_in_force', 'dataset': 'civil_affairs.child_welfare',
        'programme': "case roster.kind when '孤儿' then 'orphan' when '事实无人抚养儿童' then 'unattended_child' else 'child_in_difficulty' end",
        'amount': 'roster.monthly_amount',
        'own': ['kind', 'placement', 'determined_until', 'guardian_person_key'],
    },
] -%}
union all
select
    roster.month,
    {{ roster.programme }} as programme,
    roster.person_key,
    roster.person_secret,
    cast(null as varchar) as household_key,
    cast(null as varchar) as household_secret,
    roster.status,
    {{ holds('roster') }} as holds,
    roster.status = '暂停' as is_suspended,
    roster.start_month,
    roster.end_month,
    {{ 'roster.end_reason' if 'end_reason' in roster.own else 'cast(null as varchar)' }} as end_reason,
    cast(null as date) as grace_until,
    {% for column in [
        'tier', 'kind', 'certificate_no', 'certificate_person_key', 'disability_category', 'disability_grade',
        'support_mode', 'placement',
    ] -%}
    {{ 'roster.' ~ column if column in roster.own else 'cast(null as varchar)' }} as {{ column }},
    {% endfor -%}
    cast({{ roster.amount }} as decimal(18, 2)) as monthly_amount,
    cast(null as decimal(18, 2)) as household_amount,
    {{ 'roster.birth_date' if 'birth_date' in roster.own else 'cast(null as date)' }} as birth_date,
    {% for column in name_trio %}roster.{{ column }}, {% endfor %}
    {{ 'roster.determined_until' if 'determined_until' in roster.own else 'cast(null as date)' }} as determined_until,
    {{ 'roster.guardian_person_key' if 'guardian_person_key' in roster.own else 'cast(null as varchar)' }} as guardian_person_key,
    {{ 'roster.self_care' if 'self_care' in roster.own else 'cast(null as varchar)' }} as self_care,
    {{ 'roster.area_kind' if 'area_kind' in roster.own else 'cast(null as varchar)' }} as area_kind,
    {{ 'roster.next_review_on' if 'next_review_on' in roster.own else 'cast(null as date)' }} as next_review_on,
    roster.town_code,
    roster.village_code,
    '{{ roster.dataset }}' as roster_dataset,
    roster.delivery_id,
    roster.is_carried,
    roster.received_at
from {{ ref(roster.model) }} as roster
{% endfor %}
