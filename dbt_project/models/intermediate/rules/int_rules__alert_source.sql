-- The delivered rows an alert stands on: of every dataset that its rule or programme reads, the rows about its people
-- and its household that count in its last month. Where it is about a delivery or a batch, the deliveries themselves.
with alert as (

    select *
    from {{ ref('int_rules__alerts') }}
    where episode_number = episode_count

),

needed as (

    select alert.alert_no, fact.dataset
    from alert
    inner join {{ ref('int_rules__read') }} as fact on alert.rule_id = fact.rule_id and fact.is_named
    union
    select alert.alert_no, roster.dataset
    from alert
    inner join {{ ref('programme_roster') }} as roster on alert.programme = roster.programme
    where roster.dataset is not null and roster.dataset <> ''

),

person as (

    select alert.alert_no, person.person_secret
    from alert
    inner join {{ ref('int_person') }} as person on alert.person_key = person.person_key
    union
    select alert.alert_no, member.person_secret
    from alert
    inner join {{ ref('int_member_month') }} as member
        on alert.household_key = member.household_key and alert.last_month = member.month
    where alert.subject_type = 'household'

),

household as (

    select alert.alert_no, household.household_secret
    from alert
    inner join {{ ref('int_household_month') }} as household
        on alert.household_key = household.household_key and alert.last_month = household.month

),

asked_person as (

    select needed.dataset, alert.alert_no, alert.last_month, person.person_secret
    from alert
    inner join needed on alert.alert_no = needed.alert_no
    inner join person on alert.alert_no = person.alert_no

),

asked_household as (

    select needed.dataset, alert.alert_no, alert.last_month, household.household_secret
    from alert
    inner join needed on alert.alert_no = needed.alert_no
    inner join household on alert.alert_no = household.alert_no

),

found as (

    {% for contract in var('contracts') -%}
    {% for people in contract.people -%}
    select
        asked.alert_no,
        '{{ contract.dataset }}' as dataset,
        delivery.delivery_id,
        {{ source_place() }}
    from {{ landing_rows(contract.dataset) }}
    inner join asked_person as asked
        on asked.dataset = '{{ contract.dataset }}' and landing.{{ people.id_column }}_key = asked.person_secret
    {% if contract.delivery == 'snapshot' -%}
    inner join {{ ref('int_delivery_in_force') }} as in_force
        on delivery.delivery_id = in_force.delivery_id and asked.last_month = in_force.month
    {% else -%}
    where delivery.period <= asked.last_month
    {% endif -%}
    union all
    {% endfor -%}
    {% if contract.names_household -%}
    select
        asked.alert_no,
        '{{ contract.dataset }}' as dataset,
        delivery.delivery_id,
        {{ source_place() }}
    from {{ landing_rows(contract.dataset) }}
    inner join asked_household as asked
        on asked.dataset = '{{ contract.dataset }}' and landing.household_no_key = asked.household_secret
    {% if contract.delivery == 'snapshot' -%}
    inner join {{ ref('int_delivery_in_force') }} as in_force
        on delivery.delivery_id = in_force.delivery_id and asked.last_month = in_force.month
    {% else -%}
    where delivery.period <= asked.last_month
    {% endif -%}
    union all
    {% endif -%}
    {% endfor -%}
    select
        alert.alert_no,
        'civil_affairs.payment' as dataset,
        payment.delivery_id,
        payment.source_member,
        payment.source_sheet,
        payment.source_row
    from alert
    inner join {{ ref('stg_civil_affairs__payment') }} as payment
        on alert.event_key = payment.account_key and alert.last_month = payment.paid_month
    where alert.subject_type = 'payment'
    union all
    select
        alert.alert_no,
        delivery.dataset,
        delivery.delivery_id,
        cast(null as string) as source_member,
        cast(null as string) as source_sheet,
        cast(null as bigint) as source_row
    from alert
    inner join {{ ref('int_delivery') }} as delivery
        on substr(alert.event_key, 1, 32) = delivery.delivery_id
    where alert.subject_type = 'delivery'
    union all
    select
        alert.alert_no,
        in_force.dataset,
        in_force.delivery_id,
        cast(null as string) as source_member,
        cast(null as string) as source_sheet,
        cast(null as bigint) as source_row
    from alert
    inner join {{ ref('int_delivery_in_force') }} as in_force
        on alert.last_month = in_force.month
        and alert.event_key = in_force.dataset || '|' || cast(in_force.period as string)
    where alert.subject_type = 'delivery'
    union all
    select
        alert.alert_no,
        in_force.dataset,
        in_force.delivery_id,
        cast(null as string) as source_member,
        cast(null as string) as source_sheet,
        cast(null as bigint) as source_row
    from alert
    inner join needed on alert.alert_no = needed.alert_no
    inner join {{ ref('int_delivery_in_force') }} as in_force
        on alert.last_month = in_force.month and needed.dataset = in_force.dataset
    where alert.subject_type = 'payment' and alert.programme <> ''
    union all
    select
        alert.alert_no,
        delivery.dataset,
        delivery.delivery_id,
        cast(null as string) as source_member,
        cast(null as string) as source_sheet,
        cast(null as bigint) as source_row
    from alert
    inner join {{ ref('int_delivery') }} as delivery
        on delivery.dataset = 'civil_affairs.payment'
        and delivery.status = 'accepted'
        and alert.last_month = delivery.period
    where alert.subject_type = 'payment' and alert.programme <> ''

)

select distinct * from found
