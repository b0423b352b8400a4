with alert as (

    select *
    from {{ ref('int_rules__alerts') }}
    where episode_number = episode_count

),

wanted as (

    select distinct rule_id, last_month from alert

),

read_parameter as (
    {% for asked in var('rule_parameters') -%}
    select '{{ asked.rule_id }}' as rule_id, '{{ asked.parameter }}' as parameter
    union all
    {% endfor -%}
    select cast(null as string) as rule_id, cast(null as string) as parameter
    from {{ ref('int_months') }}
    where false
),

parameter_row as (

    select
        wanted.rule_id,
        wanted.last_month,
        {{ joined_values(json_object([
            ('parameter', 'policy.parameter'),
            ('category', 'policy.category'),
            ('valid_from', 'cast(policy.valid_from as string)'),
            ('value', 'cast(policy.value as string)'),
            ('unit', 'policy.unit'),
            ('source', 'policy.source'),
            ('grade', 'policy.grade'),
            ('is_placeholder', 'policy.is_placeholder'),
        ]), ',') }} as texts
    from wanted
    inner join read_parameter on wanted.rule_id = read_parameter.rule_id
    inner join {{ ref('dim_parameter') }} as policy
        on read_parameter.parameter = policy.parameter
        and policy.valid_from <= wanted.last_month
        and (policy.valid_to is null or policy.valid_to > wanted.last_month)
    group by wanted.rule_id, wanted.last_month

),

source_row as (

    select
        source.alert_no,
        count(*) as rows_read,
        {{ joined_values(json_object([
            ('dataset', 'source.dataset'),
            ('delivery', 'source.delivery_id'),
            ('file', 'delivery.source_name'),
            ('member', 'source.source_member'),
            ('sheet', 'source.source_sheet'),
            ('row', 'source.source_row'),
            ('received_at', 'cast(delivery.received_at as string)'),
            ('columns', 'fact.columns_zh'),
        ]), ',') }} as texts
    from {{ ref('int_rules__alert_source') }} as source
    inner join alert on source.alert_no = alert.alert_no
    inner join {{ ref('int_delivery') }} as delivery on source.delivery_id = delivery.delivery_id
    left join {{ ref('int_rules__read') }} as fact
        on alert.rule_id = fact.rule_id and source.dataset = fact.dataset
    group by source.alert_no

)

select
    cast(alert.alert_no as string) as alert_no,
    cast(alert.rule_id as string) as rule_id,
    cast(catalogue.version as string) as rule_version,
    cast(catalogue.legal_basis as string) as legal_basis,
    cast(catalogue.explanation_zh as string) as explanation_zh,
    cast(catalogue.clears_zh as string) as clears_zh,
    cast('[' || coalesce(parameter_row.texts, '') || ']' as string) as parameters,
    cast(coalesce(source_row.rows_read, 0) as bigint) as source_rows,
    cast('[' || coalesce(source_row.texts, '') || ']' as string) as sources
from alert
inner join {{ ref('rule_catalogue') }} as catalogue on alert.rule_id = catalogue.rule_id
left join parameter_row on alert.rule_id = parameter_row.rule_id and alert.last_month = parameter_row.last_month
left join source_row on alert.alert_no = source_row.alert_no
