-- A rule of a single programme and a rule of none (programme '') have one row each.
with catalogue as (

    select rule_id, needs_roster, coalesce(programmes, '') as programmes
    from {{ implemented_catalogue() }} as catalogue

),

programme as (

    select programme, max(title_zh) as programme_zh
    from {{ ref('programme_roster') }}
    group by programme

)

select
    split.rule_id,
    split.element as programme,
    programme.programme_zh,
    split.needs_roster
from {{ split_rows('catalogue', ['rule_id', 'needs_roster'], 'programmes', ';') }} as split
left join programme on split.element = programme.programme
