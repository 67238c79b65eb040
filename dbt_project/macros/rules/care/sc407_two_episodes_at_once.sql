{#
code: SC407
records: [s903_episode]
severity: note
says: A child has one episode of care at a time.
then: Both are used; the child counts once on any day. End the earlier episode.
dfe: [s903 501]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: X1}
  - s903_episode: {start_date: 2015-12-01, reason_new_episode: P}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: X1}
  - s903_episode: {start_date: 2015-11-30, reason_new_episode: P}
#}
{% macro sc407(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    null as field_id
from ({{ episodes_in_order(latest) }}) as episode
where end_date_before > start_date
{%- endmacro %}
