{#
code: SC501
records: [cin_child, s903_header]
severity: note
says: A child is sent once in a collection with one set of particulars.
then: What most of its records say counts, and the conflict is in marts.child_conflict. Send the child once.
dfe: [cin 8510, s903 INT32]
keeps:
  - cin_child
  - cin_referral
  - cin_child
  - cin_referral
breaks:
  - cin_child
  - cin_referral
  - cin_child: {birth_month: 2008-04}
  - cin_referral
#}
{% macro sc501(latest, landed) -%}
{%- for record_id in ['cin_child', 's903_header'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ landed[record_id] }} as record
inner join {{ landed[record_id] }} as other
    on
        record.la_code = other.la_code
        and record.child_key = other.child_key
        and record.collection_year = other.collection_year
        and record.landed_row_id != other.landed_row_id
where
    record.sex is distinct from other.sex
    or record.birth_month is distinct from other.birth_month
    or record.ethnicity is distinct from other.ethnicity
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
