{#
code: SC101
severity: set_aside_value
says: Every date can be read as a day.
then: The date counts as not given. Correct it in the case system and send the return again.
dfe: [s903 102, s903 104, s903 141, s903 147, s903 171, s903 1004, s903 1005]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child
  - cin_referral: {closure_date: 31/02/2016}
#}
{% macro sc101(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'unreadable_date'
{%- endmacro %}
