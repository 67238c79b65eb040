{#
code: SC220
records: [cin_protection_plan]
severity: note
says: Every plan has an initial category of abuse.
then: The plan is used without it. Add the category.
dfe: [cin 8905 (part)]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {initial_category: ""}
#}
{% macro sc220(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    landed_row_id,
    'initial_category' as field_id
from {{ latest.cin_protection_plan }} as record
where {{ is_blank('record', 'initial_category') }}
{%- endmacro %}
