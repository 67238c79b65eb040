{#
code: SC427
records: [cin_section47]
severity: note
says: An enquiry begins when the one before it in the case is over.
then: Both are used. Check the days, or whether they are one.
dfe: [cin 8839, cin 8890]
keeps:
  - cin_child
  - cin_referral
  - cin_section47: {conference_date: 2015-07-10}
  - cin_section47: {start_date: 2015-07-11}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {conference_date: 2015-07-10}
  - cin_section47: {start_date: 2015-07-10}
#}
{% macro sc427(latest, landed) -%}
{%- set end = "coalesce(conference_date, case when is_conference_not_required then start_date end)" -%}
select
    'cin_section47' as record_id,
    landed_row_id,
    null as field_id
from ({{ with_end_before(latest.cin_section47, end, 'parent_row_id') }}) as record
where start_date <= latest_end_before
{%- endmacro %}
