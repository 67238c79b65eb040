{#
code: SC505
records: [cin_referral, cin_assessment, cin_plan, cin_protection_plan, s903_episode, s903_missing]
severity: note
says: What was open at the end of a collection is in the next one.
then: It counts as ended on 1 April before the collection that does not tell it. Send its end or send it again.
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
{%- for record_id, end in [
    ('cin_referral', 'closure_date'),
    ('cin_assessment', 'authorisation_date'),
    ('cin_plan', 'end_date'),
    ('cin_protection_plan', 'end_date'),
    ('s903_episode', 'end_date'),
    ('s903_missing', 'end_date'),
] %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    null as field_id
from {{ latest[record_id] }}
where {{ end }} is null and absent_from is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
