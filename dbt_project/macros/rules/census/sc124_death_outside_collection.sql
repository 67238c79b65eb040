{#
code: SC124
records: [cin_child]
severity: note
says: A child of the census died in its year, if it died.
then: "The month of death is used: what goes on after it counts as over. Check its year."
dfe: [cin 8545Q]
keeps:
  - cin_child: {death_month: 2015-04}
  - cin_referral: {referral_date: 2015-04-02, closure_date: 2015-04-20, reason_for_closure: RC2}
breaks:
  - cin_child: {death_month: 2015-03}
  - cin_referral: {referral_date: 2015-03-02, is_no_further_action: 1}
#}
{% macro sc124(latest, landed) -%}
select
    'cin_child' as record_id,
    landed_row_id,
    'death_month' as field_id
from {{ latest.cin_child }} as child
where death_month < make_date(collection_year - 1, 4, 1) or death_month > {{ end_of_collection('child') }}
{%- endmacro %}
