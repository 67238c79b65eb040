{#
code: SC503
records: [cin_child, s903_header]
severity: note
says: The census and the looked-after return agree on a child's month of birth.
then: The census speaks. Correct the one that is wrong.
keeps:
  - cin_child
  - cin_referral
  - s903_header
  - s903_episode
breaks:
  - cin_child
  - cin_referral
  - s903_header: {birth_month: 2008-04}
  - s903_episode
#}
{% macro sc503(latest, landed) -%}
{%- for record_id, other_id in [('cin_child', 's903_header'), ('s903_header', 'cin_child')] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    'birth_month' as field_id
from {{ latest[record_id] }} as record
inner join {{ latest[other_id] }} as other
    on record.la_code = other.la_code and record.child_key = other.child_key
where record.birth_month != other.birth_month
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
