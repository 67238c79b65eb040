{#
code: SC403
records: [cin_assessment]
severity: set_aside_value
says: No assessment is authorised before it starts.
then: The assessment counts as not authorised. Check both days.
dfe: [cin 8608]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-06-02}
  - cin_assessment_factor
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-06-01}
  - cin_assessment_factor
#}
{% macro sc403(latest, landed) -%}
select
    'cin_assessment' as record_id,
    landed_row_id,
    'authorisation_date' as field_id
from {{ latest.cin_assessment }}
where authorisation_date < start_date
{%- endmacro %}
