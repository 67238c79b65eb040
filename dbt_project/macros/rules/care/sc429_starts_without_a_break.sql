{#
code: SC429
records: [s903_episode]
severity: note
says: An episode that starts care (S) does not follow on one of the same day.
then: Both are one period of care. Give the reason why the new episode began.
dfe: [s903 431]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
  - s903_episode: {start_date: 2015-12-02}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
  - s903_episode: {start_date: 2015-12-01}
#}
{% macro sc429(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    'reason_new_episode' as field_id
from ({{ episodes_in_order(latest) }}) as episode
where reason_new_episode = 'S' and end_date_before = start_date
{%- endmacro %}
