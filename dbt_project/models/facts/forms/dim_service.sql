with

accepted_forms as (
    select * from {{ ref('int_form_accepted') }}
),

declared_services as (
    select * from {{ ref('service') }}
),

services_with_forms as (
    select
        service_code,
        min(event_date) as first_form_date,
        max(event_date) as last_form_date,
        (count(*) filter (where form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where form_id = 'review'))::integer as review_forms
    from accepted_forms
    group by service_code
),

services as (
    select
        services_with_forms.service_code,
        services_with_forms.first_form_date,
        services_with_forms.last_form_date,
        services_with_forms.intake_forms,
        services_with_forms.exit_forms,
        services_with_forms.review_forms,
        declared_services.region,
        coalesce(declared_services.service_name, services_with_forms.service_code) as service_name
    from services_with_forms
    left join declared_services
        on services_with_forms.service_code = declared_services.service_code
)

select * from services
