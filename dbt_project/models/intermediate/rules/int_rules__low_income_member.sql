-- The subject of a low-income rule is the household; of extreme_poverty, the person.
select
    member.*,
    former.former_name,
    case when member.household_key is null then 'person' else 'household' end as subject_type,
    coalesce(member.household_key, member.subject_person_key) as subject_key,
    case when member.programme in ('dibao', 'dibao_single') then 'dibao' else member.programme end as pay_programme
from {{ ref('int_low_income_member_month') }} as member
left join {{ ref('int_rules__former_name') }} as former on member.person_key = former.person_key
