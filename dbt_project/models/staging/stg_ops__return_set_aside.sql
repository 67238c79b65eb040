{{ config(materialized='view') }}

with

source as (
    select * from {{ source('ops', 'set_aside') }}
),

record_types as (
    select * from {{ ref('record_type') }}
),

renamed as (
    select
        -- ids
        source.form_id as record_id,
        source.landed_row_id,
        source.field_id,

        -- text
        source.check_id as rule_code
    from source
    inner join record_types
        on source.form_id = record_types.record_id
)

select * from renamed
