{#
code: SC414
records: [youth_offence]
severity: set_aside_value
says: No offence has an outcome before its day.
then: The day of the outcome counts as not given. Check both days.
keeps:
  - youth_offence: {outcome_date: 2015-06-01}
breaks:
  - youth_offence: {outcome_date: 2015-05-31}
#}
{% macro sc414(latest, landed) -%}
select
    'youth_offence' as record_id,
    landed_row_id,
    'outcome_date' as field_id
from {{ latest.youth_offence }}
where outcome_date < offence_date
{%- endmacro %}
