with

intakes as (
    select * from {{ ref('fct_intake') }}
),

accepted_forms as (
    select * from {{ ref('int_form_accepted') }}
),

-- A client has one intake form that speaks for it in each year; that of its latest year speaks for it altogether.
forms_by_client as (
    select
        client_key,
        service_code,
        min(event_date) filter (where form_id = 'intake') as first_intake_date,
        max(event_date) filter (where form_id = 'intake') as latest_intake_date,
        (count(*) filter (where form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where form_id = 'review'))::integer as review_forms,
        {{ value_of_last('landed_row_id', 'reporting_year') }} filter (
            where form_id = 'intake' and is_client_record
        ) as latest_landed_row_id,
        -- Also where that form has none.
        {{ value_of_last('birth_month', 'reporting_year') }} filter (
            where form_id = 'intake' and is_client_record
        ) as birth_month
    from accepted_forms
    group by client_key, service_code
),

clients as (
    select
        forms_by_client.client_key,
        forms_by_client.service_code,
        forms_by_client.first_intake_date,
        forms_by_client.latest_intake_date,
        forms_by_client.intake_forms,
        forms_by_client.exit_forms,
        forms_by_client.review_forms,
        forms_by_client.birth_month,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        forms_by_client.intake_forms > 1 as is_repeat_client
    from forms_by_client
    left join intakes
        on forms_by_client.latest_landed_row_id = intakes.landed_row_id
)

select * from clients
