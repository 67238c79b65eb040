{#
code: SC302
records: [cin_protection_plan]
severity: set_aside_record
says: Every protection plan stands within a referral that has a day.
then: The plan is set aside. Give the referral its day.
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan
breaks:
  # The plan lies in the child, not in the referral.
  - cin_child
  - cin_referral
  - cin_protection_plan: {in: cin_child}
#}
{% macro sc302(landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ landed.cin_protection_plan }} as plan
left join (select * from {{ landed.cin_referral }} where referral_date is not null) as referral
    on plan.parent_row_id = referral.landed_row_id
where referral.landed_row_id is null
{%- endmacro %}
