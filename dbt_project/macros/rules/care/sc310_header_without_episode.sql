{#
code: SC310
records: [s903_header]
severity: note
says: Every child of the header has an episode of care in the same collection.
then: The child is used. Add the episode or leave the child out.
dfe: [s903 EPI]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_header
#}
{% macro sc310(latest, landed) -%}
select
    's903_header' as record_id,
    header.landed_row_id,
    null as field_id
from {{ latest.s903_header }} as header
left join {{ landed.s903_episode }} as episode
    on
        header.la_code = episode.la_code
        and header.child_key = episode.child_key
        and header.collection_year = episode.collection_year
where episode.landed_row_id is null
{%- endmacro %}
