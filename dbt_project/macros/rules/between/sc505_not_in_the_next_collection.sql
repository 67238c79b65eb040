{#
code: SC505
records: [cin_referral, cin_protection_plan, s903_episode, s903_missing]
severity: note
says: What was open at the end of a collection is in the next one.
then: It counts as open. Send its end or send it again.
dfe: [s903 502 (part), s903 576]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-12-01, reason_for_closure: RC7}
  - cin_child: {child_key: another, year: 2017}
  - cin_referral: {child_key: another, referral_date: 2016-06-01, year: 2017}
breaks:
  - cin_child
  - cin_referral
  - cin_child: {child_key: another, year: 2017}
  - cin_referral: {child_key: another, referral_date: 2016-06-01, year: 2017}
#}
{% macro sc505(latest, landed) -%}
{%- for record_id, end, sent_with, taken_up in [
    ('cin_referral', 'closure_date', 'cin_child', 'not coalesce(record.is_no_further_action, false)'),
    ('cin_protection_plan', 'end_date', 'cin_child', 'true'),
    ('s903_episode', 'end_date', 's903_header', 'true'),
    ('s903_missing', 'end_date', 's903_header', 'true'),
] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    null as field_id
from {{ latest[record_id] }} as record
inner join (select distinct la_code, collection_year from {{ landed[sent_with] }}) as next_year
    on record.la_code = next_year.la_code and record.collection_year + 1 = next_year.collection_year
where record.{{ end }} is null and {{ taken_up }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
