{#
code: SC104
severity: note
says: Every required value is given.
then: The record is used if it still has its key and its day. Fill in the value.
dfe: [cin 8842Q, s903 564]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor: {factor: ""}
#}
{% macro sc104(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'missing_required'
{%- endmacro %}
