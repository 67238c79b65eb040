{#
code: SC308
records: [s903_episode, s903_missing, s903_uasc, s903_health]
severity: note
says: Every child of a looked-after table stands in the header of the same collection.
then: The record is used. Add the child to the header.
dfe: [s903 INT03, s903 INT04, s903 INT05, s903 INT09]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_episode
#}
{% macro sc308(latest, landed) -%}
{%- for record_id in ['s903_episode', 's903_missing', 's903_uasc', 's903_health'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest[record_id] }} as record
left join {{ landed.s903_header }} as header
    on
        record.la_code = header.la_code
        and record.child_key = header.child_key
        and record.collection_year = header.collection_year
where header.landed_row_id is null
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
