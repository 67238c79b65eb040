{{ config(materialized='view') }}

with

source as (
    select * from {{ source('ops', 'load') }}
),

renamed as (
    select
        -- ids
        load_id,
        load_seq,
        run_id,

        -- text
        source_file,
        sha256,
        form_id,
        form_version,
        convention_id,
        service,
        ignored_columns,
        status,
        reason,

        -- numerics
        size_bytes,
        rows_landed,
        rejected_lines,

        -- dates
        landed_at
    from source
)

select * from renamed
