with

intakes as (
    select * from {{ ref('fct_intake') }}
),

accepted as (
    select * from {{ ref('int_form_accepted') }}
),

-- A client has one intake form that speaks for it in each year; that of its latest year speaks for it altogether.
counted as (
    select
        client_key,
        service_code,
        min(event_date) filter (where form_id = 'intake') as first_intake_date,
        max(event_date) filter (where form_id = 'intake') as latest_intake_date,
        (count(*) filter (where form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where form_id = 'review'))::integer as review_forms,
        arg_max(landed_row_id, reporting_year) filter (
            where form_id = 'intake' and is_client_record
        ) as latest_landed_row_id,
        -- Also where that form has none: arg_max would go on to an earlier one.
        arg_max_null(birth_month, reporting_year) filter (
            where form_id = 'intake' and is_client_record
        ) as birth_month
    from accepted
    group by client_key, service_code
),

clients as (
    select
        counted.client_key,
        counted.service_code,
        counted.first_intake_date,
        counted.latest_intake_date,
        counted.intake_forms,
        counted.exit_forms,
        counted.review_forms,
        counted.birth_month,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        counted.intake_forms > 1 as is_repeat_client
    from counted
    left join intakes
        on counted.latest_landed_row_id = intakes.landed_row_id
)

select * from clients
