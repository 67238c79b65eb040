{#
code: SC204
records: [s903_episode, annex_a_looked_after]
severity: set_aside_value
says: No placement is of a type that is closed or not yet open in the year.
then: The type of placement counts as not given. Use the type that replaced it.
dfe: [s903 217t (part)]
keeps:
  - s903_header: {birth_month: 2012-01, year: 2024}
  - s903_episode: {start_date: 2023-06-01, placement_type: P2, year: 2024}
breaks:
  - s903_header: {birth_month: 2012-01, sex: M, year: 2025}
  - s903_episode: {start_date: 2024-06-01, placement_type: P2, year: 2025}
#}
{% macro sc204(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'code_not_valid_in_year' and field_id = 'placement_type'
{%- endmacro %}
