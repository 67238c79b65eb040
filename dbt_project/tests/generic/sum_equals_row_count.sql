{# The counts in a column add up to the rows of another table. #}
{% test sum_equals_row_count(model, column, compare_to) %}

select
    here.total,
    there.row_count as expected_total
from (select coalesce(sum({{ column }}), 0) as total from {{ model }}) as here
cross join (select count(*) as row_count from {{ compare_to }}) as there
where here.total != there.row_count

{% endtest %}
