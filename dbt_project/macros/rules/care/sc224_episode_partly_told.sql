{#
code: SC224
records: [s903_episode]
severity: note
says: An episode of care says why it began, its legal status, the need and the placement.
then: The episode is used. Without a legal status it counts as no short break, without a placement as not residential.
  Fill them in.
dfe: [s903 143 (part), s903 144 (part), s903 145 (part), s903 146 (part)]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_header
  - s903_episode: {legal_status: ""}
#}
{% macro sc224(latest, landed) -%}
{%- for field in ['reason_new_episode', 'legal_status', 'category_of_need', 'placement_type'] %}
select
    's903_episode' as record_id,
    landed_row_id,
    '{{ field }}' as field_id
from {{ latest.s903_episode }} as episode
where {{ is_blank('episode', field) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
