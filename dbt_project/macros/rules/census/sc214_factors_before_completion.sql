{#
code: SC214
records: [cin_assessment]
severity: note
says: Factors are named at the end of an assessment.
then: They count in no year. Add the day on which the assessment was authorised.
dfe: [cin 8614]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
breaks:
  - cin_child
  - cin_referral
  - cin_assessment
  - cin_assessment_factor
#}
{% macro sc214(latest, landed) -%}
select distinct
    'cin_assessment' as record_id,
    assessment.landed_row_id,
    'authorisation_date' as field_id
from {{ latest.cin_assessment }} as assessment
inner join {{ latest.cin_assessment_factor }} as factor on assessment.landed_row_id = factor.parent_row_id
where {{ is_blank('assessment', 'authorisation_date') }}
{%- endmacro %}
