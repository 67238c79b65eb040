{#
code: SC411
records: [missing_episode]
severity: set_aside_value
says: No return interview is held before the episode begins.
then: The interview counts as not held. Check both days.
keeps:
  - missing_episode: {interview_done_on: 2015-06-01}
breaks:
  - missing_episode: {interview_done_on: 2015-05-31}
#}
{% macro sc411(latest, landed) -%}
select
    'missing_episode' as record_id,
    landed_row_id,
    'interview_done_on' as field_id
from {{ latest.missing_episode }}
where interview_done_on < started_at::date
{%- endmacro %}
