{#
    The key of a view that unfolds lists: the key of every list is unique and no list holds a value twice. The lists are
    looked at where they are stored, because unfolding them makes a hundred rows of one. The first part reads every
    row, the second every sixteenth: a rule that doubles an answer does not do so to one form alone.
#}
{% test unique_in_lists(model, columns, lists) %}

{% for item in lists %}
{% if not loop.first %}union all{% endif %}
select
    '{{ columns | join(', ') }}' as view_key,
    '{{ item.relation }}' as stored_in,
    count(*) as broken
from (
    select {{ item.key }}
    from {{ item.relation }}
    group by {{ item.key }}
    having count(*) > 1
    union all
    select {{ item.key }}
    from {{ item.relation }}
    where
        landed_row_id % 16 = 0
        and len({{ item.list }}) != len({{ list_sorted_distinct(item.list) }})
) as doubled
having count(*) > 0
{% endfor %}

{% endtest %}
