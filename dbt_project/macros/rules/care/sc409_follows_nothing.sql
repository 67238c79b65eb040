{#
code: SC409
records: [s903_episode]
severity: note
says: An episode that is not the start of being looked after follows on one that ended the same day, or on one of an
  earlier collection.
then: The episode is used as a new period of care. Add the episode before it.
dfe: [s903 357, s903 432 (part), s903 433, s903 562 (part), s903 NoE (part)]
keeps:
  # Of what began before the first collection, nobody has seen the start.
  - s903_header
  - s903_episode: {start_date: 2015-03-01, reason_new_episode: P}
breaks:
  - s903_header
  - s903_episode: {end_date: 2015-12-01, reason_episode_ceased: E4A}
  - s903_episode: {start_date: 2016-01-01, reason_new_episode: P}
#}
{% macro sc409(latest, landed) -%}
select
    's903_episode' as record_id,
    episode.landed_row_id,
    'reason_new_episode' as field_id
from ({{ episodes_in_order(latest) }}) as episode
inner join (
    select
        la_code,
        min(collection_year) as collection_year
    from {{ landed.s903_header }}
    group by la_code
) as first_collection
    on episode.la_code = first_collection.la_code
where
    episode.reason_new_episode != 'S'
    and episode.end_date_before is distinct from episode.start_date
    and episode.start_date > make_date(first_collection.collection_year - 1, 4, 1)
    and not coalesce(episode.end_date_before > episode.start_date, false)
{%- endmacro %}
