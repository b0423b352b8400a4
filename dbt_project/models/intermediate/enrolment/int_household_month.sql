with filing as (
    select
        month,
        household_key,
        count(*) as covered_rows,
        sum(case when single_person then 0 else 1 end) as covered_with_family
    from {{ ref('int_member_in_force') }}
    where role = '共同生活' and covered
    group by month, household_key
)

select
    household.month,
    household.household_key,
    household.household_secret,
    household.household_no,
    case household.programme
        when '低保边缘' then 'dibao_edge'
        when '刚性支出困难' then 'rigid_expenditure'
        when '低保' then case when filing.covered_with_family = 0 then 'dibao_single' else 'dibao' end
    end as programme,
    household.programme as programme_label,
    household.status,
    {{ holds('household') }} and (household.programme <> '低保' or coalesce(filing.covered_rows, 0) > 0) as holds,
    household.status = '暂停' as is_suspended,
    household.start_month,
    household.end_month,
    household.end_reason,
    household.grace_until,
    household.area_kind,
    household.address,
    household.phone,
    household.member_count,
    household.covered_count,
    coalesce(filing.covered_rows, 0) as covered_rows,
    household.annual_income,
    household.employment_deduction,
    household.rigid_expenditure as rigid_expenditure_amount,
    household.asset_conclusion,
    household.monthly_amount,
    household.review_class,
    household.next_review_on,
    household.authorised_on,
    household.authorised_until,
    household.head_person_key,
    household.head_person_secret,
    household.head_id_no,
    household.head_id_no_status,
    household.head_name,
    household.head_name_folded,
    household.head_name_pattern,
    household.town_code,
    household.village_code,
    household.delivery_id,
    household.period,
    household.part_code,
    household.is_carried,
    household.received_at
from {{ ref('int_household_in_force') }} as household
left join filing
    on household.month = filing.month and household.household_key = filing.household_key
