with named as (
    select
        in_force.month,
        refused.dataset,
        refused.name,
        coalesce(refused.village_code, household.village_code) as village_code,
        refused.kind,
        household.programme as household_programme
    from {{ ref('int_quarantined_roster_row') }} as refused
    inner join {{ ref('int_delivery_in_force') }} as in_force on refused.delivery_id = in_force.delivery_id
    left join {{ ref('int_household_month') }} as household
        on in_force.month = household.month and refused.household_secret = household.household_secret
    where refused.name is not null
)

select distinct
    named.dataset,
    programme.programme,
    named.month,
    named.name,
    named.village_code
from named
inner join {{ ref('programmes') }} as programme
    on case named.dataset
        when 'civil_affairs.extreme_poverty' then programme.programme = 'extreme_poverty'
        when 'civil_affairs.elder_allowance' then programme.programme = 'elder_allowance'
        when 'civil_affairs.disability_subsidy' then
            programme.programme in ('disability_living', 'disability_nursing')
            and coalesce(programme.payment_label = named.kind, named.kind is null)
        when 'civil_affairs.child_welfare' then
            programme.programme in ('orphan', 'unattended_child', 'child_in_difficulty')
            and (
                named.kind is null
                or programme.programme = {{ child_programme('named.kind') }}
            )
        when 'civil_affairs.assistance_household' then
            programme.programme in ('dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure')
            and (
                named.kind is null
                or (named.kind = '低保' and programme.programme in ('dibao', 'dibao_single'))
                or (named.kind = '低保边缘' and programme.programme = 'dibao_edge')
                or (named.kind = '刚性支出困难' and programme.programme = 'rigid_expenditure')
            )
        when 'civil_affairs.assistance_member' then
            programme.programme in ('dibao', 'dibao_single', 'dibao_edge', 'rigid_expenditure')
            and (
                named.household_programme is null
                or programme.programme = named.household_programme
                or (named.household_programme = 'dibao' and programme.programme = 'dibao_single')
            )
    end
