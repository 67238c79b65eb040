{#
code: SC110
records: [s903_header]
severity: set_aside_value
says: No child looked after is born after the end of the collection.
then: The month of birth counts as not given. Check the year of birth.
dfe: [s903 301]
keeps:
  - s903_header: {birth_month: 2016-03}
  - s903_episode: {start_date: 2016-03-02}
breaks:
  - s903_header: {birth_month: 2016-04}
  - s903_episode
#}
{% macro sc110(latest, landed) -%}
select
    's903_header' as record_id,
    landed_row_id,
    'birth_month' as field_id
from {{ latest.s903_header }} as header
where birth_month > {{ end_of_collection('header') }}
{%- endmacro %}
