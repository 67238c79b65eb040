{#
code: SC205
records: [cin_referral]
severity: note
says: A closed case says why it was closed.
then: The case counts as closed. Add the reason for closure.
dfe: [cin 8805]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01}
#}
{% macro sc205(latest, landed) -%}
select
    'cin_referral' as record_id,
    landed_row_id,
    'reason_for_closure' as field_id
from {{ latest.cin_referral }}
where closure_date is not null and reason_for_closure is null
{%- endmacro %}
