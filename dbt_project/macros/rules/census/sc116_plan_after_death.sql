{#
code: SC116
records: [cin_plan, cin_protection_plan]
severity: set_aside_record
says: No plan begins after the month the child died in.
then: The plan is set aside. Check its first day and the date of death.
dfe: [cin 8915, cin 4008]
keeps:
  - cin_child: {death_month: 2015-07}
  - cin_referral: {closure_date: 2015-07-31, reason_for_closure: RC2}
  - cin_protection_plan: {start_date: 2015-07-20, end_date: 2015-07-31}
breaks:
  - cin_child: {death_month: 2015-07}
  - cin_referral: {closure_date: 2015-07-31, reason_for_closure: RC2}
  - cin_protection_plan: {start_date: 2015-08-01, end_date: 2015-08-02}
also: [SC402, SC419]
#}
{% macro sc116(latest, landed) -%}
{%- for record_id in ['cin_plan', 'cin_protection_plan'] %}
select
    '{{ record_id }}' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest[record_id] }} as plan
inner join {{ latest.cin_child }} as child
    on plan.la_code = child.la_code and plan.child_key = child.child_key
where {{ is_after_death('plan.start_date', 'child') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
