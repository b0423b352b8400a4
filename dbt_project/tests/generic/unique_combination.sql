{# The grain of a table whose key is several columns; an empty value counts as a value. #}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_of_key
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
