with

dispositions as (
    select * from {{ ref('int_form_disposition') }}
),

accepted as (
    select
        form_id,
        landed_row_id,
        submission_key as form_key,
        service_code,
        client_key,
        case_key,
        event_date,
        reporting_year,
        edited_at,
        birth_month,
        postcode_sector
    from dispositions
    where disposition = 'accepted'
),

-- A client with several forms of one kind in a year is one client; the latest form speaks for the client.
latest_first as (
    select
        *,
        row_number() over (
            partition by form_id, client_key, reporting_year
            order by event_date desc, edited_at desc nulls last, form_key desc
        ) as place
    from accepted
),

marked as (
    select
        form_id,
        landed_row_id,
        form_key,
        service_code,
        client_key,
        case_key,
        event_date,
        reporting_year,
        edited_at,
        birth_month,
        postcode_sector,
        place = 1 as is_client_record
    from latest_first
)

select * from marked
