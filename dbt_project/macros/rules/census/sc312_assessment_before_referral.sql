{#
code: SC312
records: [cin_assessment]
severity: note
says: No assessment begins before its referral.
then: The assessment is used. Check both days.
dfe: [cin 1103]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment: {start_date: 2015-06-01}
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {start_date: 2015-05-31}
#}
{% macro sc312(latest, landed) -%}
select
    'cin_assessment' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest.cin_assessment }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where record.start_date < referral.referral_date
{%- endmacro %}
