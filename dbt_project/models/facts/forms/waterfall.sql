with

dispositions as (
    select * from {{ ref('form_disposition') }}
),

forms_by_disposition as (
    select
        form_id,
        reporting_year,
        disposition,
        count(*) as forms
    from dispositions
    group by form_id, reporting_year, disposition
)

select * from forms_by_disposition
