{{ config(materialized='view') }}

with

source as (
    select * from {{ source('ops', 'set_aside') }}
),

renamed as (
    select
        -- ids
        form_id,
        landed_row_id,
        question_no,

        -- text
        check_id
    from source
)

select * from renamed
