{#
code: SC111
records: [cin_child]
severity: note
says: No child in the census is born after the end of the collection.
then: The child counts as not yet born. Give the expected month, or put the year of birth right.
dfe: [cin 8520]
keeps:
  - cin_child: {birth_month: 2016-03}
  - cin_referral
breaks:
  - cin_child: {birth_month: 2016-04}
  - cin_referral
#}
{% macro sc111(latest, landed) -%}
select
    'cin_child' as record_id,
    landed_row_id,
    'birth_month' as field_id
from {{ latest.cin_child }} as child
where birth_month > {{ end_of_collection('child') }}
{%- endmacro %}
