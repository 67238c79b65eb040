{#
code: SC217
records: [cin_child, s903_header]
severity: note
says: A child has a sex, an ethnicity and, in the looked-after return, a month of birth.
then: The child is used and counts as unknown where it is counted by them. Fill them in.
dfe: [s903 102, cin 4180 (part), cin 4220 (part), s903 101 (part), s903 103 (part)]
keeps:
  - s903_header
  - s903_episode
breaks:
  - s903_header: {ethnicity: ""}
  - s903_episode
#}
{% macro sc217(latest, landed) -%}
{%- for record_id, fields in [
    ('cin_child', ['sex', 'ethnicity']), ('s903_header', ['sex', 'ethnicity', 'birth_month'])
] %}
{%- for field in fields %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    '{{ field }}' as field_id
from {{ latest[record_id] }} as record
where {{ is_blank('record', field) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
