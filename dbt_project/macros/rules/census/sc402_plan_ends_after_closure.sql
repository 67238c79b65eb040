{#
code: SC402
records: [cin_protection_plan]
severity: note
says: No protection plan ends after its case was closed.
then: The plan is used. Check its end and the closure.
dfe: [cin 8565 (part)]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_protection_plan: {end_date: 2015-12-01}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_protection_plan: {end_date: 2015-12-02}
#}
{% macro sc402(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as plan
inner join {{ landed.cin_referral }} as referral on plan.parent_row_id = referral.landed_row_id
where plan.end_date > referral.closure_date and referral.closure_date >= referral.referral_date
{%- endmacro %}
