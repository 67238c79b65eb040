{#
code: SC320
records: [s903_episode, s903_missing, s903_uasc, s903_health]
severity: set_aside_record
says: No table of the looked-after return has a child that its header named once and does not name any more.
then: The record is set aside. Send the table again without the child, or the header with it.
keeps:
  - s903_header: {delivery: replaced}
  - s903_header
  - s903_episode
  - s903_missing
breaks:
  - s903_header: {delivery: replaced}
  - s903_header: {child_key: another}
  - s903_episode: {child_key: another}
  - s903_episode
  - s903_missing
  - s903_uasc
  - s903_health
also: [SC308]
#}
{% macro sc320(latest, landed) -%}
{%- for record_id in ['s903_episode', 's903_missing', 's903_uasc', 's903_health'] %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    null as field_id
from {{ latest[record_id] }}
where is_child_withdrawn
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
