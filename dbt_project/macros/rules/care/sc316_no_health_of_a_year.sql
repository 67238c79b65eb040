{#
code: SC316
records: [s903_header, s903_health]
severity: note
says: A child looked after for twelve months at 31 March has all health items.
then: What is given is used; a blank is neither yes nor no. Fill in the items.
dfe: [s903 191]
keeps:
  - s903_header
  - s903_episode: {start_date: 2015-04-01}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0}
breaks:
  - s903_header
  - s903_episode: {start_date: 2015-04-01}
  - s903_health
  - s903_header: {child_key: another}
  - s903_episode: {start_date: 2015-04-01, child_key: another}
#}
{% macro sc316(latest, landed) -%}
select
    case when health.landed_row_id is null then 's903_header' else 's903_health' end as record_id,
    coalesce(health.landed_row_id, header.landed_row_id) as landed_row_id,
    null as field_id
from {{ latest.s903_header }} as header
inner join (select distinct la_code, collection_year from {{ landed.s903_health }}) as sent
    on header.la_code = sent.la_code and header.collection_year = sent.collection_year
inner join ({{ care_at_year_end(latest) }}) as care
    on
        header.la_code = care.la_code
        and header.child_key = care.child_key
        and header.collection_year = care.collection_year
left join {{ latest.s903_health }} as health
    on
        header.la_code = health.la_code
        and header.child_key = health.child_key
        and header.collection_year = health.collection_year
where
    care.is_looked_after
    and not care.began_in_year
    and care.first_day <= make_date(header.collection_year - 1, 4, 1)
    and (
        health.is_immunised is null
        or health.had_teeth_check is null
        or health.had_health_assessment is null
        or health.is_substance_misuser is null
    )
{%- endmacro %}
