{#
code: SC413
records: [cin_protection_plan]
severity: note
says: The number of previous plans grows by one from plan to plan.
then: The number is used as given. Check the earlier plans.
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-08-01, previous_plans: 1}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 2}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-08-01, previous_plans: 1}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 4}
#}
{% macro sc413(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    'previous_plans' as field_id
from (
    select
        landed_row_id,
        previous_plans,
        lag(previous_plans) over (partition by la_code, child_key order by start_date) as plans_before
    from {{ latest.cin_protection_plan }}
) as plan
where plan.previous_plans != plan.plans_before + 1
{%- endmacro %}
