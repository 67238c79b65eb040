{#
code: SC123
records: [cin_protection_plan]
severity: note
says: No protection plan goes on once the child is 18.
then: The plan counts as ended at the end of the month of the birthday. Send its last day.
keeps:
  - cin_child: {birth_month: 1997-07}
  - cin_referral
  - cin_protection_plan: {end_date: 2015-07-31}
breaks:
  - cin_child: {birth_month: 1998-03}
  - cin_referral
  - cin_protection_plan
#}
{% macro sc123(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    'end_date' as field_id
from {{ latest.cin_protection_plan }} as plan
inner join ({{ births_told(latest) }}) as child
    on plan.la_code = child.la_code and plan.child_key = child.child_key
where
    plan.start_date < {{ turned_by('child.birth_month', 18) }}
    and coalesce(plan.end_date, {{ end_of_collection('plan') }} + 1) >= {{ turned_by('child.birth_month', 18) }}
{%- endmacro %}
