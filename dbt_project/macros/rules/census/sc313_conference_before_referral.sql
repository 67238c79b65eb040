{#
code: SC313
records: [cin_section47]
severity: note
says: No conference is held before its referral.
then: The conference is used, unless it lies before its enquiry, too. Check both days.
dfe: [cin 1104]
keeps:
  - cin_child
  - cin_referral
  - cin_section47: {start_date: 2015-06-01, conference_date: 2015-06-01}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {start_date: 2015-06-01, conference_date: 2015-05-31}
also: [SC404]
#}
{% macro sc313(latest, landed) -%}
select
    'cin_section47' as record_id,
    record.landed_row_id,
    'conference_date' as field_id
from {{ latest.cin_section47 }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where record.conference_date < referral.referral_date
{%- endmacro %}
