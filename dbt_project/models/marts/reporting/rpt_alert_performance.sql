{% set answers_true = 'sum(counted.' ~ adapter.quote('true') ~ ')' %}
{% set answers = 'sum(counted.' ~ adapter.quote('true') ~ ' + counted.' ~ adapter.quote('false') ~ ')' %}
select
    cast(counted.rule_id as string) as rule_id,
    cast(max(rule.title_zh) as string) as rule_title,
    cast(counted.town_code as string) as town_code,
    cast(max(region.name) as string) as town_name,
    cast(counted.month as date) as month,
    {% for figure in ['detected', 'verified', 'true', 'false', 'on_time', 'overdue', 'newly_covered'] -%}
    cast(sum(counted.{{ adapter.quote(figure) }}) as bigint) as {{ adapter.quote(figure) }},
    {% endfor -%}
    cast(sum(counted.stopped) as decimal(18, 2)) as stopped,
    cast(sum(counted.recovered) as decimal(18, 2)) as recovered,
    {{ share(answers_true, answers) }} as precision,
    {{ wilson_bound(answers_true, answers, '-') }} as precision_low,
    {{ wilson_bound(answers_true, answers, '+') }} as precision_high,
    {{ share('sum(counted.on_time)', '(sum(counted.on_time) + sum(counted.overdue))') }} as on_time_share,
    case when count(counted.visit_days) > 0
        then cast({{ quotient('sum(counted.visit_days)', 'count(counted.visit_days)') }} as decimal(9, 1))
    end as days_to_visit
from {{ ref('int_report_alert') }} as counted
inner join {{ ref('rule_catalogue') }} as rule on counted.rule_id = rule.rule_id
left join {{ ref('int_regions') }} as region on counted.town_code = region.region_code
group by counted.rule_id, counted.town_code, counted.month
