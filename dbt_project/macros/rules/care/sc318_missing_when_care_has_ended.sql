{#
code: SC318
records: [s903_missing]
severity: note
says: No missing period goes on when the child is no longer looked after.
then: The period is used as it is. Add its last day, or put it right.
dfe: [s903 577, s903 575 (part)]
keeps:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
  - s903_missing: {end_date: 2015-06-05}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
  - s903_missing
#}
{% macro sc318(latest, landed) -%}
select
    's903_missing' as record_id,
    missing.landed_row_id,
    'end_date' as field_id
from {{ latest.s903_missing }} as missing
inner join (
    select
        la_code,
        child_key,
        max(end_date) as last_day
    from {{ latest.s903_episode }}
    group by la_code, child_key
    having count(*) = count(end_date)
) as care_ended
    on missing.la_code = care_ended.la_code and missing.child_key = care_ended.child_key
where coalesce(missing.end_date > care_ended.last_day, true)
{%- endmacro %}
