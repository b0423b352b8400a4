select name
from {{ ref('int_regions') }}
where level = 'district'
union
select former.element as name
from {{ split_rows(ref('int_regions'), ['level', 'region_code'], "replace(replace(former_names, '；', ';'), '、', ';')", ';') }} as former
where former.level = 'district' and former.element <> ''
