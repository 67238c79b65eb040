with

exits as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit'
),

intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

by_reference as (
    select * from {{ ref('int_case_by_reference') }}
),

by_next_closure as (
    select * from {{ ref('int_case_by_next_closure') }}
),

by_remaining as (
    select * from {{ ref('int_case_by_remaining') }}
),

matched_pairs as (
    select * from by_reference
    union all
    select * from by_next_closure
    union all
    select * from by_remaining
),

dated_pairs as (
    select
        matched_pairs.exit_landed_row_id,
        matched_pairs.intake_landed_row_id,
        exits.form_key as exit_form_key,
        intakes.form_key as intake_form_key,
        exits.service_code,
        exits.client_key,
        exits.reporting_year,
        intakes.event_date as intake_date,
        exits.event_date as closure_date,
        matched_pairs.match_rule,
        matched_pairs.match_pass,
        intakes.event_date > exits.event_date as is_closed_before_intake
    from matched_pairs
    inner join exits
        on matched_pairs.exit_landed_row_id = exits.landed_row_id
    inner join intakes
        on matched_pairs.intake_landed_row_id = intakes.landed_row_id
),

cases as (
    select
        *,
        -- A case that ends before it begins has no length; the report counts it as an error.
        case when not is_closed_before_intake then {{ days_between('intake_date', 'closure_date') }} end
            as case_length_days,
        case when not is_closed_before_intake then {{ completed_months_between('intake_date', 'closure_date') }} end
            as case_length_months
    from dated_pairs
)

select * from cases
