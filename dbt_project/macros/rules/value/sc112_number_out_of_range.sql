{#
code: SC112
severity: set_aside_value
says: Every number lies within what its field can be.
then: The number counts as not given. Correct it and send the return again.
dfe: [s903 180]
keeps:
  - s903_header
  - s903_episode: {start_date: 2014-06-01}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0, sdq_score: 40}
breaks:
  - s903_header
  - s903_episode: {start_date: 2014-06-01}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0, sdq_score: 41}
#}
{% macro sc112(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'number_out_of_range'
{%- endmacro %}
