{{ config(materialized='table') }}

with

problems as (
    {%- for family in ['value', 'census', 'care', 'local', 'between'] %}
    select
        rule_code,
        record_id,
        landed_row_id,
        field_id
    from {{ ref('int_returns_problem_' ~ family) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from problems
