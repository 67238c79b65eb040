{#
code: SC208
records: [s903_episode]
severity: set_aside_value
says: An episode of care with a reason for ending has a last day.
then: The reason counts as not given and the episode as open. Add the day or remove the reason.
dfe: [s903 148 (part)]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_header
  - s903_episode: {reason_episode_ceased: E4A}
#}
{% macro sc208(latest, landed) -%}
select
    's903_episode' as record_id,
    landed_row_id,
    'reason_episode_ceased' as field_id
from {{ latest.s903_episode }}
where end_date is null and reason_episode_ceased is not null
{%- endmacro %}
