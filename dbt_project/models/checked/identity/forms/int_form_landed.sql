{{ config(materialized='view') }}

with

intakes as (
    select * from {{ ref('stg_forms__intake') }}
),

reviews as (
    select * from {{ ref('stg_forms__review') }}
),

exits as (
    select * from {{ ref('stg_forms__exit') }}
),

identities as (
    select * from {{ ref('int_form_identity') }}
),

numbers_apart as (
    select * from {{ ref('int_form_submission') }}
),

declared_services as (
    select * from {{ ref('service') }}
),

all_forms as (
    select
        'intake' as form_id,
        {{ administration_columns() }}
    from intakes
    union all
    select
        'review' as form_id,
        {{ administration_columns() }}
    from reviews
    union all
    select
        'exit' as form_id,
        {{ administration_columns() }}
    from exits
),

-- The keys of an id as everybody would type it, but where that would make one of two.
forms_with_own_keys as (
    select
        all_forms.form_id,
        all_forms.landed_row_id,
        all_forms.load_id,
        all_forms.load_seq,
        all_forms.source_row,
        all_forms.content_hash,
        all_forms.is_erased,
        all_forms.left_out,
        -- Landing writes the code of now. Only a load that could not be read again holds that of a service which has
        -- become another or left the list since.
        case
            when starts_with(all_forms.service_code, '?') then all_forms.service_code
            else coalesce(declared_services.carried_on_by, '?' || all_forms.service_code)
        end as service_code,
        all_forms.event_date,
        all_forms.submitted_at,
        all_forms.edited_at,
        all_forms.has_consent,
        all_forms.is_test,
        all_forms.birth_month,
        all_forms.postcode_sector,
        coalesce(numbers_apart.submission_key, all_forms.submission_key) as submission_key,
        all_forms.submission_key as number_key,
        coalesce(identities.client_key, all_forms.client_key) as client_key,
        coalesce(identities.case_key, all_forms.case_key) as case_key
    from all_forms
    left join identities
        on all_forms.landed_row_id = identities.landed_row_id
    left join numbers_apart
        on all_forms.landed_row_id = numbers_apart.landed_row_id
    left join declared_services
        on all_forms.service_code = declared_services.service_code
)

select * from forms_with_own_keys
