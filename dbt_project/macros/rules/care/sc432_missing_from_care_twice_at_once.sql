{#
code: SC432
records: [s903_missing]
severity: note
says: A child is missing or away from its placement once at a time.
then: Both periods are used. End the earlier one.
dfe: [s903 574]
keeps:
  - s903_header
  - s903_episode
  - s903_missing: {end_date: 2015-06-05}
  - s903_missing: {start_date: 2015-06-05}
breaks:
  - s903_header
  - s903_episode
  - s903_missing: {end_date: 2015-06-06}
  - s903_missing: {start_date: 2015-06-05}
#}
{% macro sc432(latest, landed) -%}
select
    's903_missing' as record_id,
    landed_row_id,
    null as field_id
from ({{ with_end_before(latest.s903_missing, "coalesce(end_date, absent_from)", 'la_code, child_key') }}) as record
where start_date < latest_end_before
{%- endmacro %}
