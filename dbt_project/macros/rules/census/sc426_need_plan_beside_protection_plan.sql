{#
code: SC426
records: [cin_plan]
severity: note
says: A child is on a child in need plan or on a protection plan, not on both.
then: Both are used. End the child in need plan where the protection plan begins.
dfe: [cin 4001, cin 4003 (part), cin 4016, cin 4017]
keeps:
  - cin_child
  - cin_referral
  - cin_plan: {end_date: 2015-09-01}
  - cin_protection_plan: {start_date: 2015-09-01}
breaks:
  - cin_child
  - cin_referral
  - cin_plan: {end_date: 2015-09-02}
  - cin_protection_plan: {start_date: 2015-09-01}
#}
{% macro sc426(latest, landed) -%}
select distinct
    'cin_plan' as record_id,
    need_plan.landed_row_id,
    null as field_id
from {{ latest.cin_plan }} as need_plan
inner join {{ latest.cin_protection_plan }} as plan
    on need_plan.la_code = plan.la_code and need_plan.child_key = plan.child_key
where
    need_plan.start_date < coalesce(plan.end_date, plan.absent_from, date '9999-12-31')
    and plan.start_date < coalesce(need_plan.end_date, need_plan.absent_from, date '9999-12-31')
{%- endmacro %}
