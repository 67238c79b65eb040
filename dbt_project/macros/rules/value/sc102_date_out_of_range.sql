{#
code: SC102
severity: set_aside_value
says: "No date lies before 1990 (a birth: 1905) or more than a year after the collection."
then: The date counts as not given. Correct the year in the case system.
dfe: [s903 353]
keeps:
  # A year beyond the end of the collection is the last day a date can have. (Days after the collection: SC113.)
  - cin_child
  - cin_referral
  - cin_section47: {conference_target_date: 2017-03-31}
breaks:
  - cin_child
  - cin_referral
  - cin_section47: {conference_target_date: 2017-04-01}
#}
{% macro sc102(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'date_out_of_range'
{%- endmacro %}
