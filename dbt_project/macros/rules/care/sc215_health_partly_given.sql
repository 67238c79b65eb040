{#
code: SC215
records: [s903_health]
severity: note
says: Immunisations, teeth, health assessment and substance misuse are all given or all left blank.
then: What is given is used; a blank is neither yes nor no. Fill in the rest.
dfe: [s903 182, s903 544 (part), s903 547 (part)]
keeps:
  - s903_header
  - s903_episode: {start_date: 2014-06-01}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0}
breaks:
  - s903_header
  - s903_episode: {start_date: 2014-06-01}
  - s903_health: {is_convicted: 0, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0}
also: [SC316]
#}
{% macro sc215(latest, landed) -%}
select
    's903_health' as record_id,
    landed_row_id,
    null as field_id
from {{ latest.s903_health }}
where
    coalesce(is_immunised, had_teeth_check, had_health_assessment, is_substance_misuser, is_convicted, had_health_check)
    is not null
    and (
        is_immunised is null or had_teeth_check is null or had_health_assessment is null or is_substance_misuser is null
    )
{%- endmacro %}
