{#
code: SC114
records: [cin_referral, cin_assessment, cin_plan, cin_section47, cin_protection_plan, s903_episode, s903_missing]
severity: note
says: What ended before a collection began is not in it.
then: The day is used and counts in its own year. Check the year, or leave the record out.
dfe: [cin 8620, cin 8696, cin 8715, cin 8930, cin 4013, s903 571]
keeps:
  - cin_child
  - cin_referral: {referral_date: 2015-03-01, closure_date: 2015-04-01, reason_for_closure: RC7}
breaks:
  - cin_child
  - cin_referral: {referral_date: 2015-03-01, closure_date: 2015-03-31, reason_for_closure: RC7}
#}
{% macro sc114(latest, landed) -%}
{%- for record_id, fields in days_of_returns().items() if fields.ends %}
{%- for field in fields.ends %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    '{{ field }}' as field_id
from {{ latest[record_id] }} as record
where {{ field }} < make_date(record.collection_year - 1, 4, 1)
{{ 'union all' if not loop.last }}
{%- endfor %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
