{#
code: SC209
records: [cin_protection_plan]
severity: note
says: Every plan has a latest category of abuse.
then: The plan is used without it. Add the category.
dfe: [cin 8910]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {latest_category: ""}
#}
{% macro sc209(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    landed_row_id,
    'latest_category' as field_id
from {{ latest.cin_protection_plan }}
where latest_category is null
{%- endmacro %}
