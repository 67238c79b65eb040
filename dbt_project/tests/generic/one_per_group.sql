{# In every group of rows with the same values in some columns, exactly one row meets the condition. #}
{% test one_per_group(model, columns, condition) %}

select
    {{ columns | join(', ') }},
    count(*) filter (where {{ condition }}) as rows_that_meet_it
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) filter (where {{ condition }}) != 1

{% endtest %}
