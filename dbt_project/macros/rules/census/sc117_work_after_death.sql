{#
code: SC117
records: [cin_assessment, cin_section47]
severity: note
says: No assessment or enquiry begins after the month the child died in.
then: It is used. Check its first day and the date of death.
keeps:
  - cin_child: {death_month: 2015-06}
  - cin_referral: {closure_date: 2015-06-30, reason_for_closure: RC2}
  - cin_section47: {start_date: 2015-06-30, is_conference_not_required: 1}
breaks:
  - cin_child: {death_month: 2015-06}
  - cin_referral: {closure_date: 2015-06-30, reason_for_closure: RC2}
  - cin_section47: {start_date: 2015-07-01, is_conference_not_required: 1}
also: [SC419]
#}
{% macro sc117(latest, landed) -%}
{%- for record_id in ['cin_assessment', 'cin_section47'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest[record_id] }} as record
inner join {{ latest.cin_child }} as child
    on record.la_code = child.la_code and record.child_key = child.child_key
where {{ is_after_death('record.start_date', 'child') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
