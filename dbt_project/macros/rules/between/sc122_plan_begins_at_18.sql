{#
code: SC122
records: [cin_protection_plan]
severity: set_aside_record
says: No protection plan begins once the child is 18.
then: The plan is set aside. Check its first day and the date of birth.
keeps:
  - cin_child: {birth_month: 1997-07}
  - cin_referral
  - cin_protection_plan: {start_date: 2015-07-30, end_date: 2015-07-31}
breaks:
  - cin_child: {birth_month: 1997-07}
  - cin_referral
  - cin_protection_plan: {start_date: 2015-08-01, end_date: 2015-08-02}
#}
{% macro sc122(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    plan.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as plan
inner join ({{ births_told(latest) }}) as child
    on plan.la_code = child.la_code and plan.child_key = child.child_key
where plan.start_date >= {{ turned_by('child.birth_month', 18) }}
{%- endmacro %}
