{#
code: SC305
records: [cin_section47]
severity: note
says: No section 47 enquiry begins before its referral.
then: The enquiry is used. Check both days.
dfe: [cin 2889]
keeps:
  - cin_child
  - cin_referral
  - cin_section47: {start_date: 2015-06-01}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {start_date: 2015-05-31}
#}
{% macro sc305(latest, landed) -%}
select
    'cin_section47' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest.cin_section47 }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where record.start_date < referral.referral_date
{%- endmacro %}
