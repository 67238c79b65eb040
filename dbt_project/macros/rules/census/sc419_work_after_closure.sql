{#
code: SC419
records: [cin_assessment, cin_section47, cin_plan, cin_protection_plan, cin_referral]
severity: note
says: Nothing begins or is decided in a case after it was closed.
then: It is used. Check the day and the closure.
dfe: [cin 8565]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-07-01, reason_for_closure: RC7}
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-06-30, reason_for_closure: RC7}
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
#}
{% macro sc419(latest, landed) -%}
{%- for record_id, fields in days_of_returns().items() if fields.in_case %}
{%- for field in fields.in_case %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    '{{ field }}' as field_id
from {{ latest[record_id] }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where record.{{ field }} > referral.closure_date and referral.closure_date >= referral.referral_date
union all
{%- endfor %}
{%- endfor %}
select
    'cin_referral' as record_id,
    landed_row_id,
    'date_of_initial_cpc' as field_id
from {{ latest.cin_referral }}
where date_of_initial_cpc > closure_date and closure_date >= referral_date
{%- endmacro %}
