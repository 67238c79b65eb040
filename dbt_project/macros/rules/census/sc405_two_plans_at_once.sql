{#
code: SC405
records: [cin_protection_plan]
severity: set_aside_record
says: A child is on one protection plan at a time.
then: The plan that began later is set aside, of two of one day one. End the earlier one or join them.
dfe: [cin 8935, cin 8940]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-09-01}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 1}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-09-02}
  - cin_protection_plan: {start_date: 2015-09-01, previous_plans: 1}
#}
{% macro sc405(latest, landed) -%}
{#- An earlier one that ends before it began is wrong itself and sets nothing else aside. #}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as plan
inner join {{ latest.cin_protection_plan }} as earlier
    on
        plan.la_code = earlier.la_code
        and plan.child_key = earlier.child_key
        and (
            plan.start_date > earlier.start_date
            or (plan.start_date = earlier.start_date and plan.ordinal > earlier.ordinal)
        )
where coalesce(plan.start_date < coalesce(earlier.end_date, earlier.absent_from), true)
{%- endmacro %}
