{#
code: SC431
records: [s903_episode]
severity: note
says: An episode of care has ended when the next begins.
then: The episode counts as ended on the day the next begins. Send its last day and its reason.
dfe: [s903 142]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: X1}
  - s903_episode: {start_date: 2015-12-01, reason_new_episode: P}
breaks:
  - s903_header
  - s903_episode
  - s903_episode: {start_date: 2015-12-01}
#}
{% macro sc431(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    'end_date' as field_id
from ({{ episodes_in_order(latest) }}) as episode
where episode.end_date is null and next_start_date is not null
{%- endmacro %}
