{#- What binds the payees of one account: a household, a register number, a guardian; three rounds of taking the smallest
    name reach whoever is bound through two others. -#}
{% set rounds = 3 %}

with institutional as (

    select distinct month, person_key
    from {{ ref('int_roster_month') }}
    where support_mode = '集中' or placement = '机构'

),

payee as (

    select
        payment.paid_month as month,
        payment.account_key,
        payment.person_key,
        payment.name,
        payment.name_folded,
        payment.name_pattern,
        payment.account_name,
        payment.account_name_folded,
        payment.account_name_pattern,
        max(payment.household_key) as household_key,
        max(payment.town_code) as town_code,
        sum(payment.amount) as amount,
        max(payment.received_at) as received_at
    from {{ ref('int_payment') }} as payment
    inner join {{ ref('int_months') }} as months on payment.paid_month = months.month
    left join institutional
        on payment.person_key = institutional.person_key and payment.paid_month = institutional.month
    where payment.result = '成功'
        and payment.kind <> '扣回'
        and payment.account_key is not null
        and institutional.person_key is null
    group by
        payment.paid_month, payment.account_key, payment.person_key, payment.name, payment.name_folded,
        payment.name_pattern, payment.account_name, payment.account_name_folded, payment.account_name_pattern

),

crowded as (

    select month, account_key
    from payee
    group by month, account_key
    having count(distinct person_key) > 2

),

institution as (

    select distinct month, institution as name
    from {{ ref('int_extreme_poverty_in_force') }}
    where institution is not null

),

named_otherwise as ( -- the account bears a name that is not the payee's, nor an institution's

    select payee.*
    from payee
    left join {{ ref('institution_words') }} as word
        on length(payee.account_name) >= word.least_length
        and payee.account_name like '%' || word.ending
    left join institution
        on payee.month = institution.month and payee.account_name = institution.name
    where payee.account_name is not null
        and not {{ names_fit('payee.account_name', 'payee.name') }}
        and word.ending is null
        and institution.name is null

),

asked as ( -- the payees whose ties are asked for

    select distinct payee.month, payee.person_key
    from payee
    inner join crowded on payee.month = crowded.month and payee.account_key = crowded.account_key
    union
    select distinct month, person_key from named_otherwise

),

bound as (

    select asked.month, asked.person_key, 'household|' || member.household_key as tie
    from asked
    inner join {{ ref('int_member_month') }} as member
        on asked.month = member.month and asked.person_key = member.person_key
    where member.role = '共同生活'
    union
    select asked.month, asked.person_key, 'household|' || payee.household_key as tie
    from asked
    inner join payee on asked.month = payee.month and asked.person_key = payee.person_key
    where payee.household_key is not null
    union
    select asked.month, asked.person_key, 'register|' || register.register_no as tie
    from asked
    inner join {{ ref('int_population_period') }} as register
        on asked.person_key = register.person_key and {{ rules_in('register', 'asked.month') }}
    where register.register_no is not null
    union
    select asked.month, asked.person_key, 'guardian|' || child.guardian_person_key as tie
    from asked
    inner join {{ ref('int_child_welfare_in_force') }} as child
        on asked.month = child.month and asked.person_key = child.person_key
    where child.guardian_person_key is not null
    union
    select month, person_key, 'guardian|' || person_key as tie
    from asked

),

tied as (

    select
        payee.month,
        payee.account_key,
        payee.person_key,
        bound.tie
    from payee
    inner join crowded on payee.month = crowded.month and payee.account_key = crowded.account_key
    inner join bound on payee.month = bound.month and payee.person_key = bound.person_key

),

named_0 as (

    select *, person_key as group_key from tied

),
{% for number in range(rounds) %}
shared_{{ number }} as (

    select
        month,
        account_key,
        person_key,
        tie,
        min(group_key) over (partition by month, account_key, tie) as group_key
    from named_{{ number }}

),

named_{{ number + 1 }} as (

    select
        month,
        account_key,
        person_key,
        tie,
        min(group_key) over (partition by month, account_key, person_key) as group_key
    from shared_{{ number }}

),
{% endfor %}
of_many as (

    select
        month,
        account_key,
        count(distinct group_key) as groups
    from named_{{ rounds }}
    group by month, account_key
    having count(distinct group_key) > 2

),

kin as ( -- everybody of a payee's household, register number or guardian, the guardian, and the payee by the register

    select
        bound.month,
        bound.person_key,
        member.person_key as kin_key,
        member.name,
        member.name_folded,
        member.name_pattern
    from bound
    inner join {{ ref('int_member_month') }} as member
        on bound.month = member.month and bound.tie = 'household|' || member.household_key
    where member.role = '共同生活'
    union
    select
        bound.month,
        bound.person_key,
        register.person_key as kin_key,
        register.name,
        register.name_folded,
        register.name_pattern
    from bound
    inner join {{ ref('int_population_period') }} as register
        on bound.tie = 'register|' || register.register_no and {{ rules_in('register', 'bound.month') }}
    union
    select
        bound.month,
        bound.person_key,
        child.person_key as kin_key,
        child.name,
        child.name_folded,
        child.name_pattern
    from bound
    inner join {{ ref('int_child_welfare_in_force') }} as child
        on bound.month = child.month and bound.tie = 'guardian|' || child.guardian_person_key
    union
    select
        child.month,
        child.person_key,
        child.guardian_person_key as kin_key,
        child.guardian_name as name,
        child.guardian_name_folded as name_folded,
        child.guardian_name_pattern as name_pattern
    from {{ ref('int_child_welfare_in_force') }} as child
    where child.guardian_name is not null -- no name fits every name
    union
    select
        asked.month,
        asked.person_key,
        register.person_key as kin_key,
        register.name,
        register.name_folded,
        register.name_pattern
    from asked
    inner join {{ ref('int_population_period') }} as register
        on asked.person_key = register.person_key and {{ rules_in('register', 'asked.month') }}

),

relative as ( -- by the name they bear, or once bore

    select month, person_key, name, name_folded, name_pattern from kin
    union
    select
        kin.month,
        kin.person_key,
        former.former_name as name,
        cast(null as string) as name_folded,
        cast(null as string) as name_pattern
    from kin
    inner join {{ ref('int_rules__former_name') }} as former on kin.kin_key = former.person_key

),

strange as (

    select distinct named_otherwise.month, named_otherwise.account_key
    from named_otherwise
    left join relative
        on named_otherwise.month = relative.month
        and named_otherwise.person_key = relative.person_key
        and {{ names_fit('named_otherwise.account_name', 'relative.name') }}
    where relative.person_key is null

),

found as (

    select
        payee.month,
        payee.account_key,
        max(of_many.groups) as groups,
        max(case when strange.account_key is null then 0 else 1 end) as is_strange,
        count(distinct payee.person_key) as payees,
        min(payee.town_code) as town_code,
        sum(payee.amount) as amount,
        {{ joined_values('payee.name', '、') }} as names,
        {{ joined_values('payee.account_name', '、') }} as account_names,
        max(payee.received_at) as received_at
    from payee
    left join of_many on payee.month = of_many.month and payee.account_key = of_many.account_key
    left join strange on payee.month = strange.month and payee.account_key = strange.account_key
    where of_many.account_key is not null or strange.account_key is not null
    group by payee.month, payee.account_key

)

select
    month,
    '' as programme,
    'payment' as subject_type,
    cast(null as string) as person_key,
    cast(null as string) as household_key,
    account_key as event_key,
    'high' as severity,
    amount as amount_at_risk,
    'M1' as match_grade,
    town_code,
    cast(null as string) as village_code,
    {{ json_object([
        ('事实', "case
            when is_strange = 0 then '一个账户收了几家人的款'
            when groups is null then '开户名不是本人、家人、监护人或机构'
            else '一个账户收了几家人的款，开户名也不相符'
        end"),
        ('收款人数', 'payees'),
        ('涉及家庭', 'groups'),
        ('本月金额', 'cast(amount as decimal(18, 2))'),
        ('来源', "'发放明细'"),
    ]) }} as evidence,
    {{ json_object([
        ('收款人', 'names'),
        ('开户名', 'account_names'),
        ('涉及家庭', 'groups'),
        ('本月金额', 'cast(amount as decimal(18, 2))'),
    ]) }} as evidence_restricted,
    received_at,
    {{ nobody_left_out() }} as left_out
from found
