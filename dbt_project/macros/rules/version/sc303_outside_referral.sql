{#
code: SC303
records: [cin_assessment, cin_section47, cin_plan]
severity: set_aside_record
says: Every assessment, enquiry and child in need plan stands within a referral that has a day.
then: The record is set aside. Give the referral its day.
keeps:
  - cin_child
  - cin_referral
  - cin_assessment
  - cin_section47
  - cin_plan
breaks:
  - cin_child
  - cin_referral
  - cin_assessment: {in: cin_child}
  - cin_section47: {in: cin_child}
  - cin_plan: {in: cin_child}
#}
{% macro sc303(landed) -%}
{%- for record_id in ['cin_assessment', 'cin_section47', 'cin_plan'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ landed[record_id] }} as record
left join (select * from {{ landed.cin_referral }} where referral_date is not null) as referral
    on record.parent_row_id = referral.landed_row_id
where referral.landed_row_id is null
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
