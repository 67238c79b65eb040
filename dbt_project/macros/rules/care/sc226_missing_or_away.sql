{#
code: SC226
records: [s903_missing]
severity: note
says: A missing period says whether the child was missing or away from its placement.
then: The period is used without it. Fill it in.
dfe: [s903 565, s903 566 (part)]
keeps:
  - s903_header
  - s903_episode
  - s903_missing
breaks:
  - s903_header
  - s903_episode
  - s903_missing: {missing_type: ""}
#}
{% macro sc226(latest, landed) -%}
select
    's903_missing' as record_id,
    landed_row_id,
    'missing_type' as field_id
from {{ latest.s903_missing }} as missing
where {{ is_blank('missing', 'missing_type') }}
{%- endmacro %}
