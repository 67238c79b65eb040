{#
code: SC106
records: [s903_episode]
severity: set_aside_record
says: No episode of care begins before the month the child was born in.
then: The episode is set aside. Check its first day and the date of birth.
dfe: [s903 302]
keeps:
  - s903_header: {birth_month: 2015-05}
  - s903_episode: {start_date: 2015-05-01}
breaks:
  - s903_header: {birth_month: 2015-05}
  - s903_episode: {start_date: 2015-04-30}
#}
{% macro sc106(latest, landed) -%}
{#- A birth after the collection is wrong itself (SC110) and sets nothing else aside. #}
select
    's903_episode' as record_id,
    episode.landed_row_id,
    null as field_id
from {{ latest.s903_episode }} as episode
inner join {{ latest.s903_header }} as header
    on episode.la_code = header.la_code and episode.child_key = header.child_key
where episode.start_date < header.birth_month and header.birth_month <= {{ end_of_collection('header') }}
{%- endmacro %}
