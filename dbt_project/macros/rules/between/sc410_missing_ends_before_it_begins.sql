{#
code: SC410
records: [s903_missing, missing_episode]
severity: set_aside_value
says: No missing episode ends before it begins.
then: The end counts as not given and the duration as not recorded. Check both times.
dfe: [s903 567]
keeps:
  - missing_episode: {ended_at: 2015-06-01T10:00}
breaks:
  - missing_episode: {ended_at: 2015-06-01T09:59}
#}
{% macro sc410(latest, landed) -%}
select
    'missing_episode' as record_id,
    landed_row_id,
    'ended_at' as field_id
from {{ latest.missing_episode }}
where ended_at < started_at
union all
select
    's903_missing' as record_id,
    landed_row_id,
    'end_date' as field_id
from {{ latest.s903_missing }}
where end_date < start_date
{%- endmacro %}
