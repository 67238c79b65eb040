{#
code: SC201
severity: set_aside_value
says: Every code is one of its list.
then: The value counts as not given. Replace the code by one of the guide of the year.
dfe: [cin 8640, cin 8650, cin 8866 (part), cin 8905 (part), cin 8910 (part), cin 8540 (part), cin 4220 (part), cin
  4180 (part), cin 8568 (part), s903 101 (part), s903 103 (part), s903 143 (part), s903 144 (part), s903 145 (part),
  s903 146 (part), s903 149, s903 165 (part), s903 178, s903 181, s903 196, s903 1006, s903 1009]
keeps:
  - cin_child
  - cin_referral: {referral_source: 3F}
breaks:
  - cin_child
  - cin_referral: {referral_source: RB}
#}
{% macro sc201(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'unknown_code'
{%- endmacro %}
