{#
code: SC115
records: [cin_child]
severity: set_aside_value
says: No child dies before the month it was born in.
then: The month of death counts as not given. Check both dates.
dfe: [cin 8535Q]
keeps:
  - cin_child: {birth_month: 2015-06, death_month: 2015-06}
  - cin_referral: {closure_date: 2015-06-20, reason_for_closure: RC2}
breaks:
  - cin_child: {birth_month: 2015-06, death_month: 2015-05}
  - cin_referral
#}
{% macro sc115(latest, landed) -%}
select
    'cin_child' as record_id,
    landed_row_id,
    'death_month' as field_id
from {{ latest.cin_child }}
where death_month < birth_month
{%- endmacro %}
