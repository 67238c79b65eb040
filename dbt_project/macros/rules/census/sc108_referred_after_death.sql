{#
code: SC108
records: [cin_referral]
severity: set_aside_record
says: No child is referred after the month it died in.
then: The referral is set aside. Check its day and the date of death.
dfe: [cin 8555Q]
keeps:
  - cin_child: {death_month: 2015-06}
  - cin_referral: {closure_date: 2015-06-05, reason_for_closure: RC2}
breaks:
  - cin_child: {death_month: 2015-05}
  - cin_referral
#}
{% macro sc108(latest, landed) -%}
select
    'cin_referral' as record_id,
    referral.landed_row_id,
    null as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_child }} as child
    on referral.la_code = child.la_code and referral.child_key = child.child_key
where {{ is_after_death('referral.referral_date', 'child') }}
{%- endmacro %}
