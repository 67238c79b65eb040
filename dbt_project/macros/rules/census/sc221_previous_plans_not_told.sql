{#
code: SC221
records: [cin_protection_plan]
severity: note
says: A plan says how many the child has had before.
then: Whether it is a second or later one is told from the plans on record. Fill in the number.
dfe: [cin 8730]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {previous_plans: ""}
#}
{% macro sc221(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    landed_row_id,
    'previous_plans' as field_id
from {{ latest.cin_protection_plan }} as record
where {{ is_blank('record', 'previous_plans') }}
{%- endmacro %}
