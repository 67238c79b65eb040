{#
code: SC433
records: [s903_uasc]
severity: note
says: Nobody is an unaccompanied child after the 18th birthday.
then: The child counts as unaccompanied while looked after and not yet 18. Check the day.
dfe: [s903 304]
keeps:
  - s903_header
  - s903_episode
  - s903_uasc: {birth_month: 2000-05, end_date: 2018-05-31}
breaks:
  - s903_header
  - s903_episode
  - s903_uasc: {birth_month: 2000-05, end_date: 2018-06-01}
#}
{% macro sc433(latest, landed) -%}
select
    's903_uasc' as record_id,
    landed_row_id,
    'end_date' as field_id
from {{ latest.s903_uasc }}
where end_date >= {{ turned_by('birth_month', 18) }}
{%- endmacro %}
