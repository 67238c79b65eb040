{#
code: SC107
records: [cin_referral]
severity: note
says: No child is referred more than ten months before the month of birth.
then: The referral is used. Check its day and the date of birth.
dfe: [cin 8606 (part)]
keeps:
  # Children not yet born are referred.
  - cin_child: {birth_month: 2016-03}
  - cin_referral: {referral_date: 2015-05-01}
breaks:
  - cin_child: {birth_month: 2016-03}
  - cin_referral: {referral_date: 2015-04-30}
#}
{% macro sc107(latest, landed) -%}
select
    'cin_referral' as record_id,
    referral.landed_row_id,
    null as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_child }} as child
    on referral.la_code = child.la_code and referral.child_key = child.child_key
where referral.referral_date < child.birth_month - interval 10 month
{%- endmacro %}
