-- What the SQL of each rule reads.
{% set columns = {'rule_id': 'string', 'dataset': 'string', 'is_named': 'boolean', 'columns_zh': 'string'} -%}
select
    rule_id,
    dataset,
    is_named,
    columns_zh
from {{ given_rows(var('rule_reads'), columns) }} as fact
