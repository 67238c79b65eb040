{#
code: SC225
records: [s903_episode]
severity: note
says: An episode of care has the postcodes of home and placement.
then: The placement is left out of those away from home. Send them, unless the child is unaccompanied.
dfe: [s903 392b]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_header
  - s903_episode: {home_postcode_sector: ""}
#}
{% macro sc225(latest, landed) -%}
select
    's903_episode' as record_id,
    episode.landed_row_id,
    null as field_id
from {{ latest.s903_episode }} as episode
left join (select distinct la_code, child_key from {{ latest.s903_uasc }}) as unaccompanied
    on episode.la_code = unaccompanied.la_code and episode.child_key = unaccompanied.child_key
where
    unaccompanied.child_key is null
    and coalesce(episode.legal_status not in ('V3', 'V4'), true)
    and (episode.home_postcode_sector is null or episode.placement_postcode_sector is null)
{%- endmacro %}
