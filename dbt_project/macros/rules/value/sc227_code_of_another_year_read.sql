{#
code: SC227
severity: note
says: A code that means the same in another year is written as in its own.
then: The value is used. Replace the code by the one that this year uses.
keeps:
  - cin_child: {sex: M, year: 2025}
  - cin_referral: {referral_date: 2024-06-01, year: 2025}
breaks:
  - cin_child: {sex: M, year: 2024}
  - cin_referral: {referral_date: 2023-06-01, year: 2024}
#}
{% macro sc227(found) -%}
select
    record_id,
    landed_row_id,
    field_id
from {{ found }}
where problem = 'code_of_another_year'
{%- endmacro %}
