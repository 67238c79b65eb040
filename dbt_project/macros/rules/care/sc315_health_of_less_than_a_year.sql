{#
code: SC315
records: [s903_health]
severity: set_aside_record
says: Only children looked after for twelve months at 31 March have health items.
then: >-
  The record is set aside; where no episode of the child was sent, nothing is known and it is kept. Leave its items blank,
  or check the episodes of care.
dfe: [s903 185, s903 190, s903 198]
keeps:
  - s903_header
  - s903_episode: {start_date: 2015-04-01}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0}
breaks:
  - s903_header
  - s903_episode: {start_date: 2015-04-02}
  - s903_health: {is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1, is_substance_misuser: 0}
#}
{% macro sc315(latest, landed) -%}
{#- Where no episode of the child is known, or none was sent for the year, nothing is known of the year (SC308, SC310). #}
select
    's903_health' as record_id,
    health.landed_row_id,
    null as field_id
from {{ latest.s903_health }} as health
inner join (select distinct la_code, collection_year from {{ landed.s903_episode }}) as sent
    on health.la_code = sent.la_code and health.collection_year = sent.collection_year
inner join ({{ care_at_year_end(latest) }}) as care
    on
        health.la_code = care.la_code
        and health.child_key = care.child_key
        and health.collection_year = care.collection_year
where
    (not care.is_looked_after or care.began_in_year)
    and (
        health.sdq_score is not null
        or health.sdq_reason is not null
        or coalesce(
            health.is_immunised, health.had_teeth_check, health.had_health_assessment, health.is_substance_misuser,
            health.is_convicted, health.had_health_check
        ) is not null
    )
{%- endmacro %}
