-- Whom a payment would go to: households of 低保 are paid as one, everybody else as a person.
select
    roster.*,
    former.former_name,
    case when roster.programme in ('dibao', 'dibao_single') then 'dibao' else roster.programme end as pay_programme,
    coalesce(roster.household_key, roster.person_key) as pay_subject_key
from {{ ref('int_roster_month') }} as roster
left join {{ ref('int_rules__former_name') }} as former on roster.person_key = former.person_key
where roster.holds
