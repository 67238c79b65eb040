{#
code: SC216
records: [cin_child]
severity: note
says: A child has a month of birth or one in which it is expected, not both.
then: The month of birth is used; without one the age is unknown. Give one of them.
dfe: [cin 8525Q]
keeps:
  - cin_child: {birth_month: "", expected_birth_month: 2016-05}
  - cin_referral
breaks:
  - cin_child: {expected_birth_month: 2016-05}
  - cin_referral
#}
{% macro sc216(latest, landed) -%}
select
    'cin_child' as record_id,
    landed_row_id,
    'birth_month' as field_id
from {{ latest.cin_child }} as child
where
    (birth_month is not null and expected_birth_month is not null)
    or ({{ is_blank('child', 'birth_month') }} and {{ is_blank('child', 'expected_birth_month') }})
{%- endmacro %}
