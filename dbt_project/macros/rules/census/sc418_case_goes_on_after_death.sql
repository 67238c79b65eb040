{#
code: SC418
records: [cin_referral]
severity: note
says: No case is open after the month the child died in.
then: The case counts as closed at the end of that month. Close it.
keeps:
  - cin_child: {death_month: 2015-08}
  - cin_referral: {closure_date: 2015-08-31, reason_for_closure: RC2}
breaks:
  - cin_child: {death_month: 2015-08}
  - cin_referral: {closure_date: 2015-09-01, reason_for_closure: RC2}
#}
{% macro sc418(latest, landed) -%}
select
    'cin_referral' as record_id,
    referral.landed_row_id,
    'closure_date' as field_id
from {{ latest.cin_referral }} as referral
inner join {{ latest.cin_child }} as child
    on referral.la_code = child.la_code and referral.child_key = child.child_key
where
    not coalesce(referral.is_no_further_action, false)
    and {{ goes_on_after_death('referral.referral_date', 'referral.closure_date', 'child') }}
{%- endmacro %}
