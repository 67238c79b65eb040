{#
code: SC109
records: [cin_child, s903_header, school_census_pupil]
severity: set_aside_value
says: Every pupil number has thirteen characters, a letter first.
then: The number counts as not given. Correct it in the case system.
dfe: [cin 1540 (part), s903 168 (part)]
keeps:
  - cin_child: {upn_key: "1"}
  - cin_referral
breaks:
  # What landing stores of a number of another form.
  - cin_child: {upn_key: "00000000000000000000000000000000"}
  - cin_referral
#}
{% macro sc109(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'not_a_pupil_number'
{%- endmacro %}
