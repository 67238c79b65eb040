{{ config(materialized='table') }}

with

-- What staging could not use, whatever the record.
found as (
    {%- for identity in record_identities() %}
    select
        '{{ identity['record_id'] }}' as record_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_returns__' ~ identity['record_id']) }}
    where len(problems) > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

unfolded as (
    select
        record_id,
        landed_row_id,
        {{ entry_field('found', 'field_id') }} as field_id,
        {{ entry_field('found', 'problem') }} as problem
    from found
),

ruled as (
    select
        case problem
            when 'unreadable_date' then 'SC101'
            when 'date_out_of_range' then 'SC102'
            when 'unreadable_number' then 'SC103'
            when 'missing_required' then 'SC104'
            when 'not_a_pupil_number' then 'SC109'
            when 'unknown_code' then 'SC201'
            when 'code_not_valid_in_year' then case when field_id = 'placement_type' then 'SC204' else 'SC202' end
        end as rule_code,
        record_id,
        landed_row_id,
        field_id
    from unfolded
)

select * from ruled
