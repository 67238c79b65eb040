{#
code: SC421
records: [cin_assessment]
severity: note
says: Every assessment of a closed case is completed.
then: The assessment counts as not completed. Send the day on which it was authorised.
dfe: [cin 8867]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_assessment
#}
{% macro sc421(latest, landed) -%}
select
    'cin_assessment' as record_id,
    assessment.landed_row_id,
    'authorisation_date' as field_id
from {{ latest.cin_assessment }} as assessment
inner join {{ landed.cin_referral }} as referral on assessment.parent_row_id = referral.landed_row_id
where assessment.authorisation_date is null and referral.closure_date >= referral.referral_date
{%- endmacro %}
