{#
code: SC213
records: [cin_assessment]
severity: note
says: A completed assessment names its factors, or that there are none (21).
then: The assessment is used and counts as one without a recorded factor. Add its factors.
dfe: [cin 8897Q]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor: {factor: "21"}
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
#}
{% macro sc213(latest, landed) -%}
select
    'cin_assessment' as record_id,
    assessment.landed_row_id,
    null as field_id
from {{ latest.cin_assessment }} as assessment
where
    assessment.authorisation_date is not null
    and assessment.landed_row_id not in (
        select factor.parent_row_id
        from {{ landed.cin_assessment_factor }} as factor
        where factor.parent_row_id is not null
    )
{%- endmacro %}
