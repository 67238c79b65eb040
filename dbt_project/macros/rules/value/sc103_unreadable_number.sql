{#
code: SC103
severity: set_aside_value
says: Every number is a whole number where one is asked for.
then: The number counts as not given. Correct it and send the return again.
dfe: [s903 180 (part)]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {previous_plans: 1}
breaks:
  - s903_header
  - s903_episode
  - s903_health: {sdq_score: 1.5}
#}
{% macro sc103(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'unreadable_number'
{%- endmacro %}
