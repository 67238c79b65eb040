{#
code: SC506
records: [cin_child, s903_header, s903_episode, missing_episode, disabled_team_case, family_support_allocation,
  young_carer]
severity: note
says: No identifiers of two children of an authority differ only in marks and leading zeros.
then: >-
  They count as different children. Write each child's identifier alike everywhere, or set child_identifiers of the
  programme to alike where such identifiers are one child's.
keeps:
  - cin_child: {child_key: "12", child_alike_key: ""}
  - cin_referral: {child_key: "12"}
  - disabled_team_case: {child_key: "12", child_alike_key: ""}
  - young_carer: {child_key: "013", child_alike_key: "13"}
breaks:
  - cin_child: {child_key: "12", child_alike_key: ""}
  - cin_referral: {child_key: "12"}
  - disabled_team_case: {child_key: "012", child_alike_key: "12"}
#}
{% macro sc506(latest, landed) -%}
{%- set records = [
    'cin_child', 's903_header', 's903_episode', 'missing_episode', 'disabled_team_case', 'family_support_allocation',
    'young_carer'
] %}
select
    record_id,
    landed_row_id,
    null as field_id
from (
    select
        record_id,
        landed_row_id,
        min(child_key) over alike != max(child_key) over alike as are_several
    from (
        {%- for record_id in records %}
        select
            '{{ record_id }}' as record_id,
            landed_row_id,
            la_code,
            child_key,
            coalesce(child_alike_key, child_key) as alike_key
        from {{ latest[record_id] }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as children
    window alike as (partition by la_code, alike_key)
) as compared
where are_several
{%- endmacro %}
