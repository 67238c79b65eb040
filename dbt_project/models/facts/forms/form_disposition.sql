with

dispositions as (
    select * from {{ ref('int_form_disposition') }}
),

loads as (
    select * from {{ source('ops', 'load') }}
),

landed_loads as (
    select
        load_id,
        source_file
    from loads
    where status = 'landed'
),

listed_forms as (
    select
        -- ids
        dispositions.landed_row_id,
        dispositions.form_id,

        -- where it came from
        dispositions.load_id,
        landed_loads.source_file,
        dispositions.source_row,

        -- what it is
        dispositions.submission_key as form_key,
        dispositions.service_code,
        dispositions.reporting_year,

        -- what became of it
        dispositions.disposition,
        dispositions.disposition_detail
    from dispositions
    left join landed_loads
        on dispositions.load_id = landed_loads.load_id
)

select * from listed_forms
