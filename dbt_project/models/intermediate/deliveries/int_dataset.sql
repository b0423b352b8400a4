{% for contract in var('contracts') -%}
select
    cast('{{ contract.dataset }}' as string) as dataset,
    cast('{{ contract.title_zh }}' as string) as title_zh,
    cast('{{ contract.delivery }}' as string) as delivery,
    cast('{{ contract.cadence }}' as string) as cadence,
    cast({{ contract.due_days if contract.due_days is not none else 'null' }} as integer) as due_days,
    cast({{ contract.period_months if contract.period_months is not none else 'null' }} as integer) as period_months,
    cast({{ contract.period_remainder if contract.period_remainder is not none else 'null' }} as integer) as period_remainder,
    cast('{{ contract.parts }}' as string) as parts
{{ 'union all' if not loop.last }}
{% else -%}
select
    cast(null as string) as dataset,
    cast(null as string) as title_zh,
    cast(null as string) as delivery,
    cast(null as string) as cadence,
    cast(null as integer) as due_days,
    cast(null as integer) as period_months,
    cast(null as integer) as period_remainder,
    cast(null as string) as parts
where false
{% endfor %}
