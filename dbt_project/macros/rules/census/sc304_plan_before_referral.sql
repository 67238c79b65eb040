{#
code: SC304
records: [cin_protection_plan]
severity: note
says: No protection plan begins before its referral.
then: The plan is used. Check both days.
dfe: [cin 1105]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {start_date: 2015-06-01}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {start_date: 2015-05-31}
#}
{% macro sc304(latest, landed) -%}
select
    'cin_protection_plan' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest.cin_protection_plan }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where record.start_date < referral.referral_date
{%- endmacro %}
