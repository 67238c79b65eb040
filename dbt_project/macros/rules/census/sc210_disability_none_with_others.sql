{#
code: SC210
records: [cin_disability]
severity: set_aside_record
says: No disability (NONE) stands alone.
then: NONE is set aside and the other disabilities are used. Remove it.
dfe: [cin 8790]
keeps:
  - cin_child
  - cin_disability: {disability: LD}
  - cin_disability: {disability: VIS}
  - cin_referral
breaks:
  - cin_child
  - cin_disability: {disability: NONE}
  - cin_disability: {disability: VIS}
  - cin_referral
#}
{% macro sc210(latest, landed) -%}
select
    'cin_disability' as record_id,
    landed_row_id,
    null as field_id
from {{ latest.cin_disability }}
where
    disability = 'NONE'
    and parent_row_id in (
        select other.parent_row_id from {{ latest.cin_disability }} as other where other.disability != 'NONE'
    )
{%- endmacro %}
