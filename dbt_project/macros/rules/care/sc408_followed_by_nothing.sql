{#
code: SC408
records: [s903_episode]
severity: note
says: An episode that ends because the next begins (X1) is followed by one on the same day.
then: Both are used and the child counts as not looked after in between; where none follows at all, as still looked after. Check the days.
dfe: [s903 388]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: X1}
  - s903_episode: {start_date: 2015-12-01, reason_new_episode: L}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: X1}
  - s903_episode: {start_date: 2015-12-02}
#}
{% macro sc408(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    null as field_id
from ({{ episodes_in_order(latest) }}) as episode
where reason_episode_ceased = 'X1' and coalesce(next_start_date > end_date, true)
{%- endmacro %}
