{#
code: SC212
records: [cin_referral]
severity: note
says: A case that was taken up has a primary need.
then: The case is used without it. Add the primary need.
dfe: [cin 8610]
keeps:
  - cin_child
  - cin_referral: {primary_need: "", is_no_further_action: 1}
breaks:
  - cin_child
  - cin_referral: {primary_need: ""}
#}
{% macro sc212(latest, landed) -%}
select
    'cin_referral' as record_id,
    landed_row_id,
    'primary_need' as field_id
from {{ latest.cin_referral }}
where primary_need is null and not coalesce(is_no_further_action, false)
{%- endmacro %}
