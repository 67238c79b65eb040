with

conflicts as (
    select * from {{ ref('int_client_conflict') }}
),

dispositions as (
    select * from {{ ref('int_form_disposition') }}
),

clients as (
    select
        conflicts.client_key,
        min(conflicts.service_code) as service_code,
        min(conflicts.birth_months) as birth_months,
        min(conflicts.decided) as decided,
        (count(*) filter (where conflicts.form_id = 'intake'))::integer as intake_forms,
        (count(*) filter (where conflicts.form_id = 'review'))::integer as review_forms,
        (count(*) filter (where conflicts.form_id = 'exit'))::integer as exit_forms,
        (count(*) filter (where dispositions.disposition = 'client_conflict'))::integer as forms_set_aside
    from conflicts
    inner join dispositions
        on conflicts.landed_row_id = dispositions.landed_row_id
    group by conflicts.client_key
)

select * from clients
