with

intakes as (
    select * from {{ ref('fct_intake') }}
),

accepted as (
    select * from {{ ref('int_form_accepted') }}
),

counted as (
    select
        client_key,
        service_code,
        min(event_date) filter (where form_id = 'intake') as first_intake_date,
        max(event_date) filter (where form_id = 'intake') as latest_intake_date,
        (count(*) filter (where form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where form_id = 'review'))::integer as review_forms
    from accepted
    group by client_key, service_code
),

-- The client's latest form of its latest year is the client's latest form.
latest_years as (
    select
        client_key,
        max(reporting_year) as reporting_year
    from intakes
    group by client_key
),

latest_intakes as (
    select
        intakes.client_key,
        accepted.birth_month,
        intakes.gender,
        intakes.ethnicity_group
    from intakes
    inner join latest_years
        on
            intakes.client_key = latest_years.client_key
            and intakes.reporting_year = latest_years.reporting_year
    inner join accepted
        on intakes.landed_row_id = accepted.landed_row_id
    where intakes.is_client_record
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
        latest_intakes.birth_month,
        coalesce(latest_intakes.gender, 'Missing') as gender,
        coalesce(latest_intakes.ethnicity_group, 'Missing') as ethnicity_group,
        counted.intake_forms > 1 as is_repeat_client
    from counted
    left join latest_intakes
        on counted.client_key = latest_intakes.client_key
)

select * from clients
