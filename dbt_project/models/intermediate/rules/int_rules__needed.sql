-- A programme's own rosters leave out that programme alone; what the catalogue asks for leaves out all of the rule.
select rule_programme.rule_id, rule_programme.programme, required.element as dataset
from {{ ref('int_rules__rule_programme') }} as rule_programme
inner join {{ split_rows(implemented_catalogue(), ['rule_id'], "coalesce(requires, '')", ';') }} as required
    on rule_programme.rule_id = required.rule_id
where required.element <> ''
union
select rule_programme.rule_id, rule_programme.programme, roster.dataset
from {{ ref('int_rules__rule_programme') }} as rule_programme
inner join {{ ref('programme_roster') }} as roster on rule_programme.programme = roster.programme
where rule_programme.needs_roster and roster.dataset is not null and roster.dataset <> ''
