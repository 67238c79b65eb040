{#
code: SC307
records: [s903_missing]
severity: note
says: Every missing episode of a child looked after lies within an episode of care.
then: The episode is used. Check its first day and the episodes of care.
dfe: [s903 578, s903 581, s903 586 (part)]
keeps:
  - s903_header
  - s903_episode
  - s903_missing: {start_date: 2015-06-01}
breaks:
  - s903_header
  - s903_episode
  - s903_missing: {start_date: 2015-05-31}
#}
{% macro sc307(latest, landed) -%}
select
    's903_missing' as record_id,
    missing.landed_row_id,
    null as field_id
from {{ latest.s903_missing }} as missing
left join {{ latest.s903_episode }} as episode
    on
        missing.la_code = episode.la_code
        and missing.child_key = episode.child_key
        and missing.start_date >= episode.start_date
        -- Not the record's own date for an episode without an end: of an expression of both sides no hash can be made.
        and missing.start_date <= coalesce(episode.end_date, make_date(9999, 12, 31))
where episode.landed_row_id is null
{%- endmacro %}
