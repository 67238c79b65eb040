{#
code: SC424
records: [cin_referral]
severity: note
says: A conference stands on the enquiry or on the referral, not on both.
then: A day that both name is one conference; two days are two. Remove the one on the referral.
dfe: [cin 2884]
keeps:
  - cin_child
  - cin_referral: {date_of_initial_cpc: 2015-07-10}
  - cin_section47
breaks:
  - cin_child
  - cin_referral: {date_of_initial_cpc: 2015-07-10}
  - cin_section47: {conference_date: 2015-07-10}
#}
{% macro sc424(latest, landed) -%}
select distinct
    'cin_referral' as record_id,
    referral.landed_row_id,
    'date_of_initial_cpc' as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_section47 }} as enquiry on referral.landed_row_id = enquiry.parent_row_id
where referral.date_of_initial_cpc is not null and enquiry.conference_date is not null
{%- endmacro %}
