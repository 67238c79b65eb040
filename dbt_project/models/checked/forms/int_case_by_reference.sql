with

intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake' and case_key is not null
),

exits as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit' and case_key is not null
),

candidates as (
    select
        exits.landed_row_id as exit_landed_row_id,
        exits.form_key as exit_form_key,
        exits.event_date as closure_date,
        intakes.landed_row_id as intake_landed_row_id,
        intakes.form_key as intake_form_key,
        intakes.event_date as intake_date,
        intakes.event_date <= exits.event_date as is_in_order
    from exits
    inner join intakes
        on
            exits.service_code = intakes.service_code
            and exits.case_key = intakes.case_key
            -- Brothers and sisters can share a reference. A false merge tells one child's story as another's.
            and exits.client_key = intakes.client_key
),

-- A date on or before the closure beats any date after it, so the two are ordered in columns of their own.
dated_candidates as (
    select
        *,
        case when is_in_order then intake_date end as intake_date_before
    from candidates
),

ranked_for_exit as (
    select
        *,
        row_number() over (
            partition by exit_landed_row_id
            order by
                is_in_order desc,
                intake_date_before desc,
                intake_date,
                intake_form_key
        ) as place
    from dated_candidates
),

ranked_for_intake as (
    select
        *,
        row_number() over (
            partition by intake_landed_row_id
            order by closure_date asc, exit_form_key asc
        ) as intake_place
    from ranked_for_exit
    where place = 1
),

matched_pairs as (
    select
        exit_landed_row_id,
        intake_landed_row_id,
        'case_reference' as match_rule,
        1 as match_pass
    from ranked_for_intake
    where intake_place = 1
)

select * from matched_pairs
