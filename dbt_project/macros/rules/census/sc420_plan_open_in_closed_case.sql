{#
code: SC420
records: [cin_plan, cin_protection_plan]
severity: note
says: No plan is open in a closed case.
then: The plan counts as ended on the day of closure. Send its last day.
dfe: [cin 8565]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_protection_plan: {end_date: 2015-11-01}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_protection_plan
#}
{% macro sc420(latest, landed) -%}
{%- for record_id in ['cin_plan', 'cin_protection_plan'] %}
select
    '{{ record_id }}' as record_id,
    plan.landed_row_id,
    'end_date' as field_id
from {{ latest[record_id] }} as plan
inner join {{ landed.cin_referral }} as referral on plan.parent_row_id = referral.landed_row_id
where plan.end_date is null and referral.closure_date >= referral.referral_date
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
