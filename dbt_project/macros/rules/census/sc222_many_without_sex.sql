{#
code: SC222
records: [cin_child]
severity: note
says: At most 2 % of the born children of a census are without a sex.
then: They are used and count as unknown. Fill in the sex of those whose sex is known.
dfe: [cin 2886Q]
keeps:
  - cin_child
  - cin_referral
breaks:
  - cin_child: {sex: 0}
  - cin_referral
#}
{% macro sc222(latest, landed) -%}
select
    'cin_child' as record_id,
    child.landed_row_id,
    'sex' as field_id
from (
    select
        landed_row_id,
        sex,
        avg(case when sex = 'U' then 1.0 else 0 end) over (partition by la_code, collection_year) as share
    from {{ latest.cin_child }}
    where birth_month is not null and sex is not null
) as child
where child.sex = 'U' and child.share > 0.02
{%- endmacro %}
