with monthly as ( -- once a person, spelling of the name and month

    select
        person_key,
        id_no_status,
        name,
        name_folded,
        name_pattern,
        settled_month,
        sum(cash) as cash,
        count(*) as settlements,
        min(cast(settled_on as string) || settlement_no) as earliest,
        max(received_at) as received_at
    from {{ ref('int_rules__settlement') }}
    where is_costly
    group by person_key, id_no_status, name, name_folded, name_pattern, settled_month

),

in_window as (

    select
        months.month,
        {{ plus_months('months.month', '1 - ' ~ parameter('medical_window_months', 'months.month')) }} as window_from,
        monthly.*
    from monthly
    inner join {{ ref('int_months') }} as months
        on monthly.settled_month <= months.month
    where monthly.settled_month > {{ plus_months('months.month', '-' ~ parameter('medical_window_months', 'months.month')) }}

),

asked as (

    select distinct month, person_key from in_window

),

matched as (

    select
        register.month,
        register.person_key,
        register.town_code,
        register.village_code,
        in_window.window_from,
        in_window.cash,
        in_window.settlements,
        in_window.earliest,
        {{ match_grade('register', 'in_window', 'register.former_name') }} as match_grade,
        greatest(register.received_at, in_window.received_at) as found_at
    from {{ registered_among('asked') }} as register
    inner join in_window on register.person_key = in_window.person_key and register.month = in_window.month

),

cost as (

    select
        month,
        person_key,
        max(town_code) as town_code,
        max(village_code) as village_code,
        max(window_from) as window_from,
        sum(cash) as cash,
        sum(settlements) as settlements,
        substr(min(earliest), length('2000-01-01') + 1) as first_settlement_no,
        max(match_grade) as match_grade,
        max(found_at) as found_at
    from matched
    where match_grade is not null
    group by month, person_key

),

poor as ( -- these weigh a cost heavier

    select distinct month, person_key
    from {{ ref('int_rules__holder') }}
    where programme in ('dibao_edge', 'rigid_expenditure', 'disability_living')

),

high as (

    select cost.*, poor.person_key is not null as is_poor
    from cost
    left join poor on cost.person_key = poor.person_key and cost.month = poor.month
    left join {{ ref('int_rules__present') }} as covered
        on cost.person_key = covered.person_key
        and cost.month = covered.month
        and covered.programme in ('extreme_poverty', 'dibao', 'dibao_single')
    where cost.cash >= {{ parameter('medical_cash_medium', 'cost.month') }} and covered.person_key is null

)

select
    high.month,
    'temporary_assistance' as programme,
    'person' as subject_type,
    high.person_key,
    cast(null as string) as household_key,
    {{ first_month_of_episode('high.first_settlement_no') }} as event_key,
    case
        when high.cash >= {{ parameter('medical_cash_high', 'high.month') }} or high.is_poor then 'high'
        else 'medium'
    end as severity,
    cast(null as decimal(18, 2)) as amount_at_risk,
    high.match_grade,
    high.town_code,
    high.village_code,
    {{ json_object([
        ('事实', "'近十二个月医疗费用结算自付较高，未享受低保或特困'"),
        ('统计起', 'substr(cast(high.window_from as string), 1, 7)'),
        ('统计止', 'substr(cast(high.month as string), 1, 7)'),
        ('来源', "'医疗费用结算、户籍人口、救助名册'"),
    ]) }} as evidence,
    {{ json_object([
        ('自付金额', 'high.cash'),
        ('结算笔数', 'high.settlements'),
        ('最早结算流水号', 'high.first_settlement_no'),
        ('统计起', 'cast(high.window_from as string)'),
    ]) }} as evidence_restricted,
    high.found_at as received_at,
    {{ nobody_left_out() }} as left_out
from high
