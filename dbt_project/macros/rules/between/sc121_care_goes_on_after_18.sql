{#
code: SC121
records: [s903_episode]
severity: note
says: Nobody is looked after once 18, but in a community home (K2 under V2) until 21.
then: The episode counts as ended at the end of the month of the birthday. Send its last day.
dfe: [s903 359]
keeps:
  - s903_header: {birth_month: 1998-03}
  - s903_episode: {end_date: 2016-03-31, reason_episode_ceased: E4A}
breaks:
  - s903_header: {birth_month: 1998-03}
  - s903_episode
#}
{% macro sc121(latest, landed) -%}
select
    's903_episode' as record_id,
    episode.landed_row_id,
    'end_date' as field_id
from {{ latest.s903_episode }} as episode
inner join ({{ births_told(latest) }}) as child
    on episode.la_code = child.la_code and episode.child_key = child.child_key
where
    (
        episode.reason_new_episode is distinct from 'S'
        or episode.start_date < {{ too_old_for_care('episode', 'child.birth_month') }}
    )
    and coalesce(episode.end_date, {{ end_of_collection('episode') }} + 1)
    >= {{ too_old_for_care('episode', 'child.birth_month') }}
{%- endmacro %}
