{#
code: SC206
records: [cin_referral]
severity: set_aside_value
says: A case with a reason for closure has a day of closure.
then: The reason counts as not given and the case as open. Add the day or remove the reason.
dfe: [cin 8810]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child
  - cin_referral: {reason_for_closure: RC7}
#}
{% macro sc206(latest, landed) -%}
select
    'cin_referral' as record_id,
    landed_row_id,
    'reason_for_closure' as field_id
from {{ latest.cin_referral }}
where closure_date is null and reason_for_closure is not null
{%- endmacro %}
