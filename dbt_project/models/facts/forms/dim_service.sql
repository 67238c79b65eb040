with

accepted_forms as (
    select * from {{ ref('int_form_accepted') }}
),

services as (
    select
        service_code,
        min(event_date) as first_form_date,
        max(event_date) as last_form_date,
        (count(*) filter (where form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where form_id = 'review'))::integer as review_forms
    from accepted_forms
    group by service_code
)

select * from services
