with member as (

    select * from {{ ref('int_rules__low_income_member') }}
    where role = '共同生活'

),

asset_check as (

    select
        check_no,
        checked_on,
        person_key,
        id_no_status,
        max(case when deposit_over or household_deposit_over then 1 else 0 end) = 1 as is_over,
        sum(coalesce(stock_value, 0) + coalesce(fund_value, 0) + coalesce(bond_value, 0)) as securities,
        max(received_at) as received_at
    from {{ ref('stg_verification_centre__asset_check') }}
    where person_key in (select person_key from member)
    group by check_no, checked_on, person_key, id_no_status

),

reported as ( -- the newest check within twelve months in which a member has a row

    select
        member.*,
        asset_check.check_no,
        asset_check.checked_on,
        asset_check.is_over,
        asset_check.securities,
        case
            when member.id_no_status = 'upgraded15' or asset_check.id_no_status = 'upgraded15' then 'M3' else 'M1'
        end as match_grade,
        asset_check.received_at as check_received_at,
        dense_rank() over (
            partition by member.month, member.programme, member.subject_key
            order by asset_check.checked_on desc nulls last, asset_check.check_no desc nulls last
        ) as newness
    from member
    inner join asset_check
        on member.person_key = asset_check.person_key
    where {{ within_months('asset_check.checked_on', 'member.month', parameter('asset_check_window_months', 'member.month')) }}

),

counted as (

    select
        *,
        max(case when is_over then 1 else 0 end) over same_check = 1 as any_over,
        sum(securities) over same_check as all_securities,
        max(check_received_at) over same_check as newest_received_at,
        row_number() over (
            partition by month, programme, subject_key
            order by is_over desc nulls last, securities desc nulls last, person_key asc nulls last
        ) as choice
    from reported
    where newness = 1
    window same_check as (partition by month, programme, subject_key)

),

limited as ( -- a person in extreme poverty is one alone, and counts as authorised

    select
        counted.*,
        standard.value * multiple.value
        * case when counted.household_key is null then 1 else household.member_count end as securities_limit
    from counted
    inner join {{ ref('int_parameter_month') }} as standard
        on counted.month = standard.month and standard.parameter = 'dibao_standard' and standard.category = ''
    inner join {{ ref('int_parameter_month') }} as multiple
        on counted.month = multiple.month
        and multiple.parameter = 'financial_asset_multiple'
        and counted.programme = multiple.category
    left join {{ ref('int_household_month') }} as household
        on counted.month = household.month and counted.household_key = household.household_key
    where counted.choice = 1
        and (
            counted.household_key is null
            or (
                counted.authorised_on <= counted.checked_on
                and (counted.authorised_until is null or counted.authorised_until >= counted.checked_on)
            )
        )

),

exempt as (

    select distinct
        delivery.month,
        exemption.household_key,
        exemption.person_key
    from {{ ref('stg_civil_affairs__asset_exemption') }} as exemption
    inner join {{ ref('int_delivery_in_force') }} as delivery on exemption.delivery_id = delivery.delivery_id
    where exemption.asset_kind = '存款' and exemption.valid_until >= delivery.month

),

exempt_subject as (

    select
        member.month,
        member.programme,
        member.subject_key
    from member
    inner join exempt on member.month = exempt.month and member.person_key = exempt.person_key
    union
    select
        member.month,
        member.programme,
        member.subject_key
    from member
    inner join exempt on member.month = exempt.month and member.household_key = exempt.household_key

)

select
    limited.month,
    limited.programme,
    limited.subject_type,
    limited.person_key,
    limited.household_key,
    limited.check_no as event_key,
    'high' as severity,
    benefit.paid_amount as amount_at_risk,
    limited.match_grade,
    limited.town_code,
    limited.village_code,
    {{ json_object([
        ('事实', "'授权核对的反馈显示金融资产超限'"),
        ('核对年月', 'substr(cast(limited.checked_on as string), 1, 7)'),
        ('来源', "'家庭经济状况核对反馈'"),
    ]) }} as evidence,
    {{ json_object([
        ('核对编号', 'limited.check_no'),
        ('核对时间', 'cast(limited.checked_on as string)'),
        ('存款超限', "case when limited.any_over then '是' else '否' end"),
        ('有价证券超限', "case when limited.all_securities >= limited.securities_limit then '是' else '否' end"),
        ('授权签署', 'cast(limited.authorised_on as string)'),
    ]) }} as evidence_restricted,
    greatest(limited.received_at, limited.newest_received_at) as received_at,
    {{ nobody_left_out() }} as left_out
from limited
left join exempt_subject
    on limited.month = exempt_subject.month
    and limited.programme = exempt_subject.programme
    and limited.subject_key = exempt_subject.subject_key
left join {{ ref('int_rules__benefit') }} as benefit
    on limited.month = benefit.month
    and limited.pay_programme = benefit.pay_programme
    and limited.subject_key = benefit.pay_subject_key
where exempt_subject.subject_key is null and (limited.any_over or limited.all_securities >= limited.securities_limit)
