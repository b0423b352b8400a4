-- What the SQL of each rule reads.
{% for read in var('rule_reads') -%}
select
    '{{ read.rule_id }}' as rule_id,
    '{{ read.dataset }}' as dataset,
    {{ 'true' if read.is_named else 'false' }} as is_named,
    '{{ read.columns_zh }}' as columns_zh
union all
{% endfor -%}
select
    cast(null as string) as rule_id,
    cast(null as string) as dataset,
    cast(null as boolean) as is_named,
    cast(null as string) as columns_zh
from {{ ref('int_months') }}
where false
