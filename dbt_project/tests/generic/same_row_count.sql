{# Two tables have the same number of rows: nothing was lost or doubled on the way from one to the other. #}
{% test same_row_count(model, compare_to, compare_condition='true') %}

select
    here.row_count,
    there.row_count as expected_row_count
from (select count(*) as row_count from {{ model }}) as here
cross join (select count(*) as row_count from {{ compare_to }} where {{ compare_condition }}) as there
where here.row_count != there.row_count

{% endtest %}
