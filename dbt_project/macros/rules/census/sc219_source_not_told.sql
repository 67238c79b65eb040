{#
code: SC219
records: [cin_referral]
severity: note
says: A referral says who made it.
then: The referral is used without its source. Fill it in.
dfe: [cin 8866 (part)]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child
  - cin_referral: {referral_source: ""}
#}
{% macro sc219(latest, landed) -%}
select
    'cin_referral' as record_id,
    landed_row_id,
    'referral_source' as field_id
from {{ latest.cin_referral }} as record
where {{ is_blank('record', 'referral_source') }}
{%- endmacro %}
