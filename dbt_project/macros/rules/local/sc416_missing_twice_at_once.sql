{#
code: SC416
records: [missing_episode]
severity: note
says: A child is missing once at a time.
then: Both episodes are used. End the earlier one.
keeps:
  - missing_episode
  - missing_episode: {episode_key: second, started_at: 2015-06-02T10:00, ended_at: ""}
breaks:
  - missing_episode
  - missing_episode: {episode_key: second, started_at: 2015-06-02T09:00, ended_at: ""}
#}
{% macro sc416(latest, landed) -%}
select
    'missing_episode' as record_id,
    episode.landed_row_id,
    null as field_id
from {{ latest.missing_episode }} as episode
inner join {{ latest.missing_episode }} as earlier
    on
        episode.la_code = earlier.la_code
        and episode.child_key = earlier.child_key
        and episode.started_at > earlier.started_at
where episode.started_at < earlier.ended_at
{%- endmacro %}
