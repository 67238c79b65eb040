{#
code: SC422
records: [cin_section47]
severity: note
says: Every enquiry of a closed case has led to a conference or needed none.
then: The enquiry counts as one without a conference. Send its day, or the mark that none was required.
dfe: [cin 8868]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_section47: {is_conference_not_required: 1}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_section47: {is_conference_not_required: 0}
#}
{% macro sc422(latest, landed) -%}
select
    'cin_section47' as record_id,
    enquiry.landed_row_id,
    'conference_date' as field_id
from {{ latest.cin_section47 }} as enquiry
inner join {{ landed.cin_referral }} as referral on enquiry.parent_row_id = referral.landed_row_id
where
    enquiry.conference_date is null
    and not coalesce(enquiry.is_conference_not_required, false)
    and referral.closure_date >= referral.referral_date
{%- endmacro %}
