{#
code: SC301
records: [cin_child]
severity: note
says: Every child in the census has a referral.
then: The child is used. Add the referral or leave the child out.
dfe: [cin 8590]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child
#}
{% macro sc301(latest, landed) -%}
select
    'cin_child' as record_id,
    child.landed_row_id,
    null as field_id
from {{ latest.cin_child }} as child
where child.landed_row_id not in (
    select referral.parent_row_id from {{ landed.cin_referral }} as referral where referral.parent_row_id is not null
)
{%- endmacro %}
