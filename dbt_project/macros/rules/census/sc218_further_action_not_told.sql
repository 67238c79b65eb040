{#
code: SC218
records: [cin_referral]
severity: note
says: A referral says whether there is no further action.
then: The referral counts as taken up. Fill it in.
dfe: [cin 8568 (part)]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child
  - cin_referral: {is_no_further_action: ""}
#}
{% macro sc218(latest, landed) -%}
select
    'cin_referral' as record_id,
    landed_row_id,
    'is_no_further_action' as field_id
from {{ latest.cin_referral }} as record
where {{ is_blank('record', 'is_no_further_action') }}
{%- endmacro %}
