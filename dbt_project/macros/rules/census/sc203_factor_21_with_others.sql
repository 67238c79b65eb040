{#
code: SC203
records: [cin_assessment_factor]
severity: set_aside_record
says: Factor 21 (no factors identified) stands alone.
then: Factor 21 is set aside and the other factors are used. Remove it from the assessment.
dfe: [cin 8869]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor: {factor: "21"}
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor: {factor: "21"}
  - cin_assessment_factor: {factor: 3B}
#}
{% macro sc203(latest, landed) -%}
select
    'cin_assessment_factor' as record_id,
    landed_row_id,
    null as field_id
from {{ latest.cin_assessment_factor }}
where
    factor = '21'
    and parent_row_id in (
        select other.parent_row_id from {{ latest.cin_assessment_factor }} as other where other.factor != '21'
    )
{%- endmacro %}
