{#
code: SC120
records: [s903_episode]
severity: set_aside_record
says: Nobody who is 18 begins to be looked after, but in a community home (K2 under V2) until 21.
then: The episode is set aside. Check its first day and the date of birth.
dfe: [s903 352]
keeps:
  # The month of birth is known, not the day: the birthday can be as late as 30 June.
  - s903_header: {birth_month: 1997-06}
  - s903_episode: {start_date: 2015-06-29, end_date: 2015-06-30, reason_episode_ceased: E11}
breaks:
  - s903_header: {birth_month: 1997-06}
  - s903_episode: {start_date: 2015-07-01, end_date: 2015-07-02, reason_episode_ceased: E11}
#}
{% macro sc120(latest, landed) -%}
select
    's903_episode' as record_id,
    episode.landed_row_id,
    null as field_id
from {{ latest.s903_episode }} as episode
inner join ({{ births_told(latest) }}) as child
    on episode.la_code = child.la_code and episode.child_key = child.child_key
where
    episode.reason_new_episode = 'S'
    and episode.start_date >= {{ too_old_for_care('episode', 'child.birth_month') }}
{%- endmacro %}
