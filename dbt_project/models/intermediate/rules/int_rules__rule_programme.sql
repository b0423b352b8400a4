-- A rule of a single programme and a rule of none (programme '') have one row each.
with programme as (

    select programme, max(title_zh) as programme_zh
    from {{ ref('programme_roster') }}
    group by programme

)

select
    split.rule_id,
    split.element as programme,
    programme.programme_zh,
    split.needs_roster
from {{ split_rows(implemented_catalogue(), ['rule_id', 'needs_roster'], "coalesce(programmes, '')", ';') }} as split
left join programme on split.element = programme.programme
