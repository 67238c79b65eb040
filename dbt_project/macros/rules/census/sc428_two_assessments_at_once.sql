{#
code: SC428
records: [cin_assessment]
severity: note
says: An assessment begins when the one before it in the case is completed.
then: Both are used. Check the days, or whether they are one.
dfe: [cin 8863Q, cin 8896]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
  - cin_assessment: {start_date: 2015-07-02}
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {authorisation_date: 2015-07-01}
  - cin_assessment_factor
  - cin_assessment: {start_date: 2015-07-01}
#}
{% macro sc428(latest, landed) -%}
select
    'cin_assessment' as record_id,
    landed_row_id,
    null as field_id
from ({{ with_end_before(latest.cin_assessment, "coalesce(authorisation_date, absent_from)", 'parent_row_id') }}) as record
where start_date <= latest_end_before
{%- endmacro %}
