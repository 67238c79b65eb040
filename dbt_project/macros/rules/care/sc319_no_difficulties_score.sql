{#
code: SC319
records: [s903_health]
severity: note
says: A child of 4 to 16 looked after for twelve months at 31 March has a difficulties score or a reason for having
  none.
then: The child is left out of the mean score. Send the score or the reason.
dfe: [s903 186, s903 197B (part), s903 157 (part)]
keeps:
  - s903_header
  - s903_episode: {start_date: 2015-04-01}
  - s903_health: {birth_month: 2008-03, sdq_reason: SDQ2, is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1,
      is_substance_misuser: 0}
breaks:
  - s903_header
  - s903_episode: {start_date: 2015-04-01}
  - s903_health: {birth_month: 2008-03, is_immunised: 1, had_teeth_check: 1, had_health_assessment: 1,
      is_substance_misuser: 0}
#}
{% macro sc319(latest, landed) -%}
select
    's903_health' as record_id,
    health.landed_row_id,
    'sdq_score' as field_id
from {{ latest.s903_health }} as health
inner join ({{ care_at_year_end(latest) }}) as care
    on
        health.la_code = care.la_code
        and health.child_key = care.child_key
        and health.collection_year = care.collection_year
where
    health.sdq_score is null
    and health.sdq_reason is null
    and not {{ has_problem('health.problems', 'sdq_score') }}
    and care.is_looked_after
    and not care.began_in_year
    and care.first_day <= make_date(health.collection_year - 1, 4, 1)
    and {{ turned_by('health.birth_month', 4) }} <= make_date(health.collection_year - 1, 4, 1)
    and health.birth_month > make_date(health.collection_year - 17, 3, 31)
{%- endmacro %}
