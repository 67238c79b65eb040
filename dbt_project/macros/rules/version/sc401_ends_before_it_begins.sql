{#
code: SC401
records: [cin_referral, cin_plan, cin_protection_plan, s903_episode, disabled_team_case, treatment_episode,
  family_support_allocation, young_carer]
severity: set_aside_record
says: Nothing ends before it begins.
then: "The record is set aside: left open, it would count on every later day. Check both days."
dfe: [cin 8630, cin 8925, cin 4011, s903 356]
keeps:
  - cin_child
  - cin_referral: {closure_date: 2015-06-01, reason_for_closure: RC7}
  - young_carer: {end_date: 2015-07-01}
  - disabled_team_case: {close_date: 2015-07-01}
  - family_support_allocation: {ended_on: 2015-07-01}
  - treatment_episode: {end_date: 2015-07-01}
breaks:
  - cin_child
  - cin_referral: {closure_date: 2015-05-31, reason_for_closure: RC7}
  - cin_plan: {end_date: 2015-06-30}
  - cin_protection_plan: {end_date: 2015-06-30}
  - s903_header
  - s903_episode: {end_date: 2015-05-31, reason_episode_ceased: E4A}
  - young_carer: {end_date: 2015-06-30}
  - disabled_team_case: {close_date: 2015-06-30}
  - family_support_allocation: {ended_on: 2015-06-30}
  - treatment_episode: {end_date: 2015-06-30}
#}
{% macro sc401(landed) -%}
{%- for record_id, start, end in [
    ('cin_referral', 'referral_date', 'closure_date'),
    ('cin_plan', 'start_date', 'end_date'),
    ('cin_protection_plan', 'start_date', 'end_date'),
    ('s903_episode', 'start_date', 'end_date'),
    ('disabled_team_case', 'open_date', 'close_date'),
    ('treatment_episode', 'start_date', 'end_date'),
    ('family_support_allocation', 'allocated_on', 'ended_on'),
    ('young_carer', 'start_date', 'end_date'),
] %}
select
    '{{ record_id }}' as record_id,
    landed_row_id,
    null as field_id
from {{ landed[record_id] }}
where {{ end }} < {{ start }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
