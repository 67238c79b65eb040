{#
code: SC430
records: [s903_episode]
severity: note
says: Nothing follows an episode that ended because the child died or turned 18 (E2, E15).
then: All of them are used. Check the reason, and the episodes after it.
dfe: [s903 437]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E2}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E2}
  - s903_episode: {start_date: 2015-12-02}
#}
{% macro sc430(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    'reason_episode_ceased' as field_id
from ({{ episodes_in_order(latest) }}) as episode
where reason_episode_ceased in ('E2', 'E15') and next_start_date is not null
{%- endmacro %}
