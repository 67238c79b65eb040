{{ config(materialized='view') }}

with

intakes as (
    select * from {{ ref('stg_forms__intake') }}
),

reviews as (
    select * from {{ ref('stg_forms__review') }}
),

exits as (
    select * from {{ ref('stg_forms__exit') }}
),

all_forms as (
    select
        'intake' as form_id,
        {{ administration_columns() }}
    from intakes
    union all
    select
        'review' as form_id,
        {{ administration_columns() }}
    from reviews
    union all
    select
        'exit' as form_id,
        {{ administration_columns() }}
    from exits
)

select * from all_forms
