{#
code: SC207
records: [s903_episode]
severity: note
says: An ended episode of care says why it ended.
then: The episode counts as ended. Add the reason.
dfe: [s903 148 (part)]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01}
#}
{% macro sc207(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    'reason_episode_ceased' as field_id
from {{ latest.s903_episode }}
where end_date is not null and reason_episode_ceased is null
{%- endmacro %}
