{#
code: SC504
records: [cin_child, s903_header]
severity: set_aside_value
says: No two children have the same pupil number.
then: The number counts as not given for all of them. Find out whose it is.
dfe: [cin 1520, s903 444]
keeps:
  - cin_child: {upn_key: "1"}
  - cin_referral
  - s903_header: {upn_key: "1"}
  - s903_episode
breaks:
  - cin_child: {upn_key: "1"}
  - cin_referral
  - s903_header: {upn_key: "1", child_key: another}
  - s903_episode: {child_key: another}
#}
{% macro sc504(latest, landed) -%}
{%- for record_id in ['cin_child', 's903_header'] %}
select
    '{{ record_id }}' as record_id,
    record.landed_row_id,
    'upn_key' as field_id
from {{ latest[record_id] }} as record
inner join (
    select
        la_code,
        upn_key
    from (
        select la_code, upn_key, child_key from {{ latest.cin_child }}
        union all
        select la_code, upn_key, child_key from {{ latest.s903_header }}
    ) as numbers
    where upn_key is not null
    group by la_code, upn_key
    having count(distinct child_key) > 1
) as shared
    on record.la_code = shared.la_code and record.upn_key = shared.upn_key
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
