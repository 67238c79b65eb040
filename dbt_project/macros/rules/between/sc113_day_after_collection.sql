{#
code: SC113
records: [cin_referral, cin_assessment, cin_plan, cin_section47, cin_protection_plan, cin_plan_review, s903_episode,
  s903_missing]
severity: note
says: No day of a yearly return lies after the end of its collection.
then: "The day is used: what begins then counts in the year after, what ends then is open on 31 March. Check the
  year."
dfe: [cin 8600 (part), cin 8620, cin 8696, cin 8715, cin 8720 (part), cin 8930, cin 4010 (part), cin 4013, s903 354,
  s903 385, s903 570, s903 571]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2016-03-31, reason_for_closure: RC7}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2016-04-01, reason_for_closure: RC7}
#}
{% macro sc113(latest, landed) -%}
{%- for record_id, fields in days_of_returns().items() %}
{%- for field in fields.begins + fields.ends %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    '{{ field }}' as field_id
from {{ latest[record_id] }} as record
where {{ field }} > {{ end_of_collection('record') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
