with newest as (

    select rule_id, programme, max(month) as month
    from {{ ref('int_rules__coverage') }}
    where is_evaluated
    group by rule_id, programme

)

select alert.*, catalogue.direction
from {{ ref('int_rules__alerts') }} as alert
inner join newest
    on alert.rule_id = newest.rule_id and alert.programme = newest.programme and alert.last_month = newest.month
inner join {{ ref('rule_catalogue') }} as catalogue on alert.rule_id = catalogue.rule_id
where alert.episode_number = alert.episode_count
