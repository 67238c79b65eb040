{#
code: SC417
records: [cin_plan, cin_protection_plan]
severity: note
says: No plan goes on after the month the child died in.
then: The plan counts as ended at the end of that month. Send its last day.
dfe: [cin 8920, cin 4009Q]
keeps:
  - cin_child: {death_month: 2015-08}
  - cin_referral: {closure_date: 2015-08-20, reason_for_closure: RC2}
  - cin_protection_plan: {end_date: 2015-08-20}
breaks:
  - cin_child: {death_month: 2015-08}
  - cin_referral: {closure_date: 2015-08-20, reason_for_closure: RC2}
  - cin_protection_plan: {end_date: 2015-09-01}
also: [SC402]
#}
{% macro sc417(latest, landed) -%}
{%- for record_id in ['cin_plan', 'cin_protection_plan'] %}
select
    '{{ record_id }}' as record_id,
    plan.landed_row_id,
    'end_date' as field_id
from {{ latest[record_id] }} as plan
inner join {{ latest.cin_child }} as child
    on plan.la_code = child.la_code and plan.child_key = child.child_key
where {{ goes_on_after_death('plan.start_date', 'plan.end_date', 'child') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
