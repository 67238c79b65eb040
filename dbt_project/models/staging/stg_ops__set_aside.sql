{{ config(materialized='view') }}

with

source as (
    select * from {{ source('ops', 'set_aside') }}
),

forms as (
    select * from {{ ref('form') }}
),

-- What is set aside of the returns is read by stg_ops__return_set_aside.
renamed as (
    select
        -- ids
        source.form_id,
        source.landed_row_id,
        source.question_no,

        -- text
        source.check_id
    from source
    inner join forms
        on source.form_id = forms.form_id
)

select * from renamed
