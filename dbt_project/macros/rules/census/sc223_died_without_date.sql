{#
code: SC223
records: [cin_referral]
severity: note
says: A case that was closed because the child died has the day of death.
then: The case counts as closed; what else is open of the child stays open. Add the day.
dfe: [cin 8585Q]
keeps:
  - cin_child: {death_month: 2015-12}
  - cin_referral: {closure_date: 2015-12-05, reason_for_closure: RC2}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-12-05, reason_for_closure: RC2}
#}
{% macro sc223(latest, landed) -%}
select
    'cin_referral' as record_id,
    referral.landed_row_id,
    'reason_for_closure' as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_child }} as child
    on referral.la_code = child.la_code and referral.child_key = child.child_key
where referral.reason_for_closure = 'RC2' and {{ is_blank('child', 'death_month') }}
{%- endmacro %}
