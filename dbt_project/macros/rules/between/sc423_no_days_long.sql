{#
code: SC423
records: [cin_plan, cin_protection_plan, s903_episode]
severity: note
says: A plan or an episode of care lasts a day or longer.
then: It counts as begun and as ended, and on no day. Check both days.
dfe: [cin 8840, cin 4012Q, s903 355]
keeps:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-07-02}
breaks:
  - cin_child
  - cin_referral
  - cin_protection_plan: {end_date: 2015-07-01}
#}
{% macro sc423(latest, landed) -%}
{%- for record_id in ['cin_plan', 'cin_protection_plan', 's903_episode'] %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    'end_date' as field_id
from {{ latest[record_id] }}
where end_date = start_date
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
