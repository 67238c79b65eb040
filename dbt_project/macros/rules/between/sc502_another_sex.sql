{#
code: SC502
records: [cin_child, s903_header]
severity: note
says: The census and the looked-after return agree on a child's sex.
then: The census speaks. Correct the one that is wrong.
keeps:
  - cin_child
  - cin_referral
  - s903_header
  - s903_episode
breaks:
  - cin_child
  - cin_referral
  - s903_header: {sex: 2}
  - s903_episode
#}
{% macro sc502(latest, landed) -%}
{%- for record_id, other_id in [('cin_child', 's903_header'), ('s903_header', 'cin_child')] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    'sex' as field_id
from {{ latest[record_id] }} as record
inner join {{ latest[other_id] }} as other
    on record.la_code = other.la_code and record.child_key = other.child_key
where record.sex != other.sex and record.sex != 'U' and other.sex != 'U'
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
