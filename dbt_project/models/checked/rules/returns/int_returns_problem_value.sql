{{ config(materialized='table') }}

with

-- What staging could not use, whatever the record.
problems as (
    {%- for identity in record_identities() %}
    select
        '{{ identity['record_id'] }}' as record_id,
        landed_row_id,
        {{ explode('problems') }} as problem
    from {{ ref('stg_returns__' ~ identity['record_id']) }}
    where len(problems) > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (
    select
        record_id,
        landed_row_id,
        {{ entry_field('problem', 'field_id') }} as field_id,
        {{ entry_field('problem', 'problem') }} as problem
    from problems
),

broken as (
    {{ broken_rules('value', ref('validation_rule'), ['found']) }}
),

-- A problem that no rule names stands here without a code, and gate 1 stops at it.
unnamed as (
    select
        null::varchar as rule_code,
        found.record_id,
        found.landed_row_id,
        found.field_id
    from found
    left join broken
        on found.landed_row_id = broken.landed_row_id and found.field_id = broken.field_id
    where broken.rule_code is null
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from broken
union all
select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from unnamed
