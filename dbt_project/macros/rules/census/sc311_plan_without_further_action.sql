{#
code: SC311
records: [cin_protection_plan]
severity: note
says: A referral without further action has no protection plan.
then: The plan is used. Check whether the referral was taken up.
dfe: [cin 8832]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan
breaks:
  - cin_child
  - cin_referral: {is_no_further_action: 1}
  - cin_protection_plan
#}
{% macro sc311(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as plan
inner join {{ landed.cin_referral }} as referral on plan.parent_row_id = referral.landed_row_id
where referral.is_no_further_action
{%- endmacro %}
