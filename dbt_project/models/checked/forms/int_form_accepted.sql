with

dispositions as (
    select * from {{ ref('int_form_disposition') }}
),

accepted_forms as (
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
clients_with_several_forms as (
    select
        form_id,
        client_key,
        reporting_year
    from accepted_forms
    group by form_id, client_key, reporting_year
    having count(*) > 1
),

forms_latest_first as (
    select
        accepted_forms.landed_row_id,
        row_number() over (
            partition by accepted_forms.form_id, accepted_forms.client_key, accepted_forms.reporting_year
            order by
                accepted_forms.event_date desc, accepted_forms.edited_at desc nulls last, accepted_forms.form_key desc
        ) as place
    from accepted_forms
    inner join clients_with_several_forms
        on
            accepted_forms.form_id = clients_with_several_forms.form_id
            and accepted_forms.client_key = clients_with_several_forms.client_key
            and accepted_forms.reporting_year = clients_with_several_forms.reporting_year
),

earlier_forms as (
    select landed_row_id from forms_latest_first
    where place > 1
),

marked_forms as (
    select
        accepted_forms.form_id,
        accepted_forms.landed_row_id,
        accepted_forms.form_key,
        accepted_forms.service_code,
        accepted_forms.client_key,
        accepted_forms.case_key,
        accepted_forms.event_date,
        accepted_forms.reporting_year,
        accepted_forms.edited_at,
        accepted_forms.birth_month,
        accepted_forms.postcode_sector,
        earlier_forms.landed_row_id is null as is_client_record,
        not_asked.question_nos as not_asked
    from accepted_forms
    left join earlier_forms
        on accepted_forms.landed_row_id = earlier_forms.landed_row_id
    left join {{ ref('int_form_not_asked') }} as not_asked
        on accepted_forms.landed_row_id = not_asked.landed_row_id
)

select * from marked_forms
