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

-- A client with several forms of one kind in a year is one client; the latest form speaks for the client. Few clients
-- have several, so the costly ordering looks only at those that do.
several as (
    select
        form_id,
        client_key,
        reporting_year
    from accepted
    group by form_id, client_key, reporting_year
    having count(*) > 1
),

latest_first as (
    select
        accepted.landed_row_id,
        row_number() over (
            partition by accepted.form_id, accepted.client_key, accepted.reporting_year
            order by accepted.event_date desc, accepted.edited_at desc nulls last, accepted.form_key desc
        ) as place
    from accepted
    inner join several
        on
            accepted.form_id = several.form_id
            and accepted.client_key = several.client_key
            and accepted.reporting_year = several.reporting_year
),

earlier as (
    select landed_row_id from latest_first
    where place > 1
),

marked as (
    select
        accepted.form_id,
        accepted.landed_row_id,
        accepted.form_key,
        accepted.service_code,
        accepted.client_key,
        accepted.case_key,
        accepted.event_date,
        accepted.reporting_year,
        accepted.edited_at,
        accepted.birth_month,
        accepted.postcode_sector,
        earlier.landed_row_id is null as is_client_record
    from accepted
    left join earlier
        on accepted.landed_row_id = earlier.landed_row_id
)

select * from marked
