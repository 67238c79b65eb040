{#
    A condition that is true of every row; unknown counts as broken. Use it for what a row must be in itself.
#}
{% test holds(model, condition) %}

select 1 as broken
from {{ model }}
where not coalesce({{ condition }}, false)

{% endtest %}
