{#
code: SC317
records: [cin_assessment, cin_section47, cin_plan, cin_referral]
severity: note
says: A referral without further action has no assessment, enquiry, conference or child in need plan.
then: The referral counts as not taken up, what lies in it is used. Check the mark.
dfe: [cin 8831, cin 4000]
keeps:
  - cin_child
  - cin_referral
  - cin_assessment
breaks:
  - cin_child
  - cin_referral: {is_no_further_action: 1}
  - cin_assessment
#}
{% macro sc317(latest, landed) -%}
{%- for record_id in ['cin_assessment', 'cin_section47', 'cin_plan'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest[record_id] }} as record
inner join {{ landed.cin_referral }} as referral on record.parent_row_id = referral.landed_row_id
where referral.is_no_further_action
union all
{%- endfor %}
select
    'cin_referral' as record_id,
    landed_row_id,
    'date_of_initial_cpc' as field_id
from {{ latest.cin_referral }}
where is_no_further_action and date_of_initial_cpc is not null
{%- endmacro %}
