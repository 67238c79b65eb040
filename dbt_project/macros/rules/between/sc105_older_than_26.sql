{#
code: SC105
records: [cin_child, s903_header]
severity: set_aside_value
says: A child is not yet 26 at the end of the collection.
then: The month of birth counts as not given. Check the date of birth.
dfe: [cin 8775Q (part), s903 351 (part)]
keeps:
  - cin_child: {birth_month: 1990-04}
  - cin_referral
breaks:
  - cin_child: {birth_month: 1990-03}
  - cin_referral
#}
{% macro sc105(latest, landed) -%}
{%- for record_id in ['cin_child', 's903_header'] %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    'birth_month' as field_id
from {{ latest[record_id] }}
where birth_month <= make_date(collection_year - 26, 3, 31)
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
