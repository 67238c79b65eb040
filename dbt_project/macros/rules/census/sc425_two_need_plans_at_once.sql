{#
code: SC425
records: [cin_plan]
severity: note
says: A child is on one child in need plan at a time.
then: Both are used; the child counts once on any day. End the earlier one.
dfe: [cin 4004, cin 4014]
keeps:
  - cin_child
  - cin_referral
  - cin_plan: {end_date: 2015-09-01}
  - cin_plan: {start_date: 2015-09-01}
breaks:
  - cin_child
  - cin_referral
  - cin_plan: {end_date: 2015-09-02}
  - cin_plan: {start_date: 2015-09-01}
#}
{% macro sc425(latest, landed) -%}
select
    'cin_plan' as record_id,
    landed_row_id,
    null as field_id
from ({{ with_end_before(latest.cin_plan, "coalesce(end_date, absent_from)", 'la_code, child_key') }}) as record
where start_date < latest_end_before
{%- endmacro %}
