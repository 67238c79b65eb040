{#- A view: two models read it, and working it out twice takes less than writing the keys of every form once more. -#}
{{ config(materialized='view') }}
with

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

-- Which row stays is told by its file and its place there: the number of a landed row says when it landed.
replaced_forms as (
    select
        replaced.landed_row_id,
        replaced.disposition,
        'row ' || staying.source_row || ' of load ' || staying.load_id as staying_row
    from {{ ref('int_form_replaced') }} as replaced
    left join landed_forms as staying
        on replaced.replaced_by_landed_row_id = staying.landed_row_id
),

forms_set_aside as (
    select * from {{ ref('int_form_set_aside') }}
),

client_conflicts as (
    select * from {{ ref('int_client_conflict') }}
),

reporting_years as (
    select * from {{ ref('reporting_year') }}
),

-- A join on single days is a hash join; a join on "between" would compare every form with every year.
calendar as (
    select
        reporting_year,
        {{ days_from_to('starts_on', 'ends_on') }} as calendar_date
    from reporting_years
),

forms_with_findings as (
    select
        landed_forms.* replace (
            coalesce(client_conflicts.own_client_key, landed_forms.client_key) as client_key,
            coalesce(client_conflicts.own_birth_month, landed_forms.birth_month) as birth_month
        ),
        calendar.reporting_year,
        replaced_forms.disposition as replaced_disposition,
        replaced_forms.staying_row,
        forms_set_aside.check_ids,
        coalesce(client_conflicts.is_set_aside, false) as is_of_unknown_child
    from landed_forms
    left join calendar
        on landed_forms.event_date = calendar.calendar_date
    left join replaced_forms
        on landed_forms.landed_row_id = replaced_forms.landed_row_id
    left join forms_set_aside
        on landed_forms.landed_row_id = forms_set_aside.landed_row_id
    left join client_conflicts
        on landed_forms.landed_row_id = client_conflicts.landed_row_id
),

-- The order of the branches is the order of precedence: a form has the first disposition that fits.
decided_forms as (
    select
        *,
        case
            when is_erased then coalesce(left_out, 'erased')
            when submission_key is null or client_key is null or service_code is null then 'missing_key'
            when starts_with(service_code, '?') then 'undeclared_service'
            when replaced_disposition is not null then replaced_disposition
            when is_test then 'test_record'
            when not has_consent then 'no_consent'
            when event_date is null or event_date < birth_month then 'impossible_date'
            when reporting_year is null then 'outside_reporting_years'
            when check_ids is not null then 'set_aside'
            when is_of_unknown_child then 'client_conflict'
            else 'accepted'
        end as disposition
    from forms_with_findings
),

explained_forms as (
    select
        form_id,
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        submission_key,
        service_code,
        client_key,
        case_key,
        event_date,
        reporting_year,
        edited_at,
        birth_month,
        postcode_sector,
        disposition,
        case disposition
            when 'missing_key'
                then concat_ws(
                    ', ',
                    case when submission_key is null then 'no submission id' end,
                    case when client_key is null then 'no client id' end,
                    case when service_code is null then 'no service' end
                )
            when 'superseded' then 'replaced by ' || staying_row
            when 'duplicate_submission' then 'same as ' || staying_row
            when 'held_back' then 'it may be of somebody who was forgotten; `insights decide` asks'
            when 'conflicting_versions' then 'nothing says which version is later; `insights decide` asks'
            when 'impossible_date'
                then case when event_date is null then 'no readable date' else 'dated before the month of birth' end
            when 'set_aside' then check_ids
            when 'client_conflict' then 'several months of birth of client ' || client_key
        end as disposition_detail
    from decided_forms
)

select * from explained_forms
