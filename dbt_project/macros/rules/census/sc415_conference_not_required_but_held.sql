{#
code: SC415
records: [cin_section47]
severity: note
says: An enquiry that needed no conference has none.
then: The conference is used. Remove its day or the mark.
dfe: [cin 8868 (part)]
keeps:
  - cin_child
  - cin_referral
  - cin_section47: {is_conference_not_required: 1}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {is_conference_not_required: 1, conference_date: 2015-07-10}
#}
{% macro sc415(latest, landed) -%}
select
    'cin_section47' as record_id,
    landed_row_id,
    'is_conference_not_required' as field_id
from {{ latest.cin_section47 }}
where is_conference_not_required and conference_date is not null
{%- endmacro %}
