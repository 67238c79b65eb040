{#
code: SC105
records: [cin_child, s903_header]
severity: set_aside_value
says: Nobody in a return is 26 or older at its end, unless known since before 18.
then: The month of birth counts as not given. Check the date of birth.
dfe: [cin 8775Q (part), s903 351 (part)]
keeps:
  - cin_child: {birth_month: 1990-04}
  - cin_referral
  # Referred at 17, and the case never closed.
  - cin_child: {birth_month: 1990-03, child_key: another}
  - cin_referral: {referral_date: 2008-03-31, child_key: another}
breaks:
  - cin_child: {birth_month: 1990-03}
  - cin_referral
#}
{% macro sc105(latest, landed) -%}
{%- for record_id in ['cin_child', 's903_header'] %}
select
    '{{ record_id }}' as record_id,
    child.landed_row_id,
    'birth_month' as field_id
from {{ latest[record_id] }} as child
left join ({{ first_days(latest) }}) as known
    on child.la_code = known.la_code and child.child_key = known.child_key
where {{ is_birth_too_early('child', 'known.first_day') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
