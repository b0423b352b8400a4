-- What "population" in the catalogue counts; programme '' where the rule does not count by programme.
select 'holder' as population, programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds
group by programme, month
union all
select
    'low_income_subject' as population,
    programme,
    month,
    count(distinct coalesce(household_key, subject_person_key)) as people
from {{ ref('int_low_income_member_month') }}
group by programme, month
union all
select 'dibao_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds and programme in ('dibao', 'dibao_single')
group by month
union all
select 'dibao_edge_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_roster_month') }}
where holds and programme = 'dibao_edge'
group by month
union all
select 'certificate_holder' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_certificate_month') }}
where is_valid
group by month
union all
select 'registered_elder' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_rules__registered') }}
where is_elder
group by month
union all
select 'payee' as population, '' as programme, benefit_month as month, count(distinct person_key) as people
from {{ ref('int_payment') }}
where result = '成功'
group by benefit_month
union all
select 'listed_person' as population, '' as programme, month, count(distinct person_key) as people
from {{ ref('int_rules__roster_listed') }}
group by month
