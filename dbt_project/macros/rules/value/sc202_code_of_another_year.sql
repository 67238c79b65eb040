{#
code: SC202
severity: set_aside_value
says: Every code belongs to the year of the collection.
then: The value counts as not given. Replace the code by the one that this year uses.
keeps:
  - cin_child: {year: 2023}
  - cin_referral: {referral_source: 5D, referral_date: 2022-06-01, year: 2023}
breaks:
  - cin_child: {year: 2022}
  - cin_referral: {referral_source: 5D, referral_date: 2021-06-01, year: 2022}
#}
{% macro sc202(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'code_not_valid_in_year' and field_id != 'placement_type'
{%- endmacro %}
