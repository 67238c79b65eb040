{#
code: SC211
records: [cin_child]
severity: note
says: A child has a pupil number or a reason for having none and not both.
then: The number is used. Remove the reason.
dfe: [cin 8770Q (part)]
keeps:
  - cin_child: {upn_unknown: UN2}
  - cin_referral
breaks:
  - cin_child: {upn_unknown: UN2, upn_key: "1"}
  - cin_referral
#}
{% macro sc211(latest, landed) -%}
select
    'cin_child' as record_id,
    landed_row_id,
    'upn_unknown' as field_id
from {{ latest.cin_child }}
where upn_key is not null and upn_unknown is not null
{%- endmacro %}
