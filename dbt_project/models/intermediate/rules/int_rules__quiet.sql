-- Open alerts that another one speaks for, or that a visit has settled for a time; the row of the alert stays.
with alert as (

    select * from {{ ref('int_rules__open_alert') }}

),

unauthorised as ( -- without an authorisation the family's tax and bank data may not be used

    select alert.alert_no, spokesman.alert_no as spoken_for_by, 'no_authorisation' as quiet_reason, 1 as precedence
    from alert
    inner join alert as spokesman
        on alert.household_key = spokesman.household_key and spokesman.rule_id = 'D11'
    where alert.rule_id in ('E11', 'E13')

),

absorbed as ( -- a death speaks for everything else that asks the person to leave

    select alert.alert_no, min(spokesman.alert_no) as spoken_for_by, 'death' as quiet_reason, 2 as precedence
    from alert
    inner join alert as spokesman on alert.person_key = spokesman.person_key and spokesman.rule_id = 'E01'
    where alert.direction = 'exit' and alert.rule_id <> 'E01'
    group by alert.alert_no

),

doubled as ( -- being counted twice comes before what the subsidy's tier or category should be

    select alert.alert_no, min(spokesman.alert_no) as spoken_for_by, 'counted_twice' as quiet_reason, 3 as precedence
    from alert
    inner join alert as spokesman
        on alert.person_key = spokesman.person_key and spokesman.rule_id in ('P04', 'P05')
    where alert.rule_id in ('P06', 'P07')
    group by alert.alert_no

),

ranked as (

    select
        alert.alert_no,
        first_value(alert.alert_no) over (
            partition by alert.rule_id, alert.person_key, alert.event_key
            order by programme.ladder desc nulls last, programme.position asc nulls last, alert.alert_no asc nulls last
        ) as spoken_for_by
    from alert
    inner join {{ ref('programmes') }} as programme on alert.programme = programme.programme
    where programme.is_low_income and alert.person_key is not null

),

repeated as ( -- one evidence under several tiers of one ladder is told under the highest

    select alert_no, spoken_for_by, 'same_evidence' as quiet_reason, 4 as precedence
    from ranked
    where alert_no <> spoken_for_by

),

answered as (

    select
        alert_no,
        finding,
        action,
        verified_on,
        row_number() over (
            partition by alert_no order by verified_on desc nulls last, received_at desc nulls last
        ) as choice
    from {{ ref('stg_civil_affairs__verification_result') }}

),

approved as ( -- what a village or town proposes holds once the district has agreed

    select distinct alert_no
    from {{ ref('int_case_step') }}
    where by_role in ('district', 'lead') and event in ('review', 'decide', 'close')

),

exempted as ( -- true, and tolerated: not asked again for some months

    select
        alert.alert_no,
        cast(null as string) as spoken_for_by,
        'exempted' as quiet_reason,
        5 as precedence
    from alert
    inner join {{ ref('int_exemption') }} as exemption
        on alert.alert_no = exemption.alert_no and alert.last_month <= exemption.until_month
    where alert.severity <> 'critical'
    union all
    select
        alert.alert_no,
        cast(null as string) as spoken_for_by,
        'exempted' as quiet_reason,
        5 as precedence
    from alert
    inner join answered on alert.alert_no = answered.alert_no and answered.choice = 1
    inner join approved on alert.alert_no = approved.alert_no
    where answered.finding = '属实'
        and answered.action like '%豁免%'
        and alert.last_month <= {{ plus_months(month_of('answered.verified_on'), parameter('cooldown_months', 'alert.last_month')) }}

),

silenced as ( -- somebody who may decide it said that nobody is to be asked for a time

    select distinct
        alert.alert_no,
        cast(null as string) as spoken_for_by,
        'silenced' as quiet_reason,
        6 as precedence
    from alert
    inner join {{ ref('int_silence') }} as silence
        on alert.rule_id = silence.rule_id
        and (silence.town_code = '' or alert.town_code = silence.town_code)
        and alert.last_month <= silence.until_month
    where alert.severity <> 'critical'

),

every_reason as (

    select * from unauthorised
    union all
    select * from absorbed
    union all
    select * from doubled
    union all
    select * from repeated
    union all
    select * from exempted
    union all
    select * from silenced

)

select alert_no, quiet_reason, spoken_for_by
from every_reason
qualify row_number() over (
    partition by alert_no order by precedence asc nulls last, spoken_for_by asc nulls last
) = 1
