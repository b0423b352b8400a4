-- A rule is borne out by what came back lately, so that it comes out of doubt as old answers fall behind.
with this_month as (

    select max(month) as month
    from {{ ref('int_months') }}

),

policy as (

    select
        month,
        {{ parameter('precision_answers_least', 'this_month.month') }} as answers_least,
        {{ parameter('precision_window_months', 'this_month.month') }} as window_months
    from this_month

),

answered as (

    select
        alert.rule_id,
        count(*) as answers,
        sum(case when answer.finding in ('属实', '部分属实') then 1 else 0 end) as answers_true
    from {{ ref('fct_alert') }} as alert
    inner join {{ ref('int_case_answer') }} as answer on alert.alert_no = answer.alert_no
    cross join policy
    where answer.finding in ('属实', '部分属实', '不属实')
        and answer.verified_on >= {{ plus_months('policy.month', '-policy.window_months') }}
    group by alert.rule_id

),

standing as (

    select
        rule.rule_id,
        rule.precision_floor,
        policy.answers_least,
        release.until_month as released_until,
        coalesce(answered.answers, 0) as answers,
        coalesce(answered.answers_true, 0) as answers_true
    from {{ ref('dim_rule') }} as rule
    cross join policy
    left join answered on rule.rule_id = answered.rule_id
    left join {{ ref('int_release') }} as release
        on rule.rule_id = release.rule_id and policy.month <= release.until_month

)

select
    cast(rule_id as string) as rule_id,
    cast(answers as bigint) as answers,
    cast(answers_true as bigint) as answers_true,
    {{ share('answers_true', 'answers') }} as precision,
    {{ wilson_bound('answers_true', 'answers', '-') }} as precision_low,
    {{ wilson_bound('answers_true', 'answers', '+') }} as precision_high,
    precision_floor,
    released_until,
    answers >= answers_least and answers_true < precision_floor * answers and released_until is null as is_in_doubt
from standing
