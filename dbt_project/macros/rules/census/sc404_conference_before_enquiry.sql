{#
code: SC404
records: [cin_section47]
severity: set_aside_value
says: No conference lies before the start of its enquiry.
then: The conference counts as not held. Check both days.
dfe: [cin 8615]
keeps:
  - cin_child
  - cin_referral
  - cin_section47: {conference_date: 2015-07-01}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {conference_date: 2015-06-30}
#}
{% macro sc404(latest, landed) -%}
select
    'cin_section47' as record_id,
    landed_row_id,
    'conference_date' as field_id
from {{ latest.cin_section47 }}
where conference_date < start_date
{%- endmacro %}
