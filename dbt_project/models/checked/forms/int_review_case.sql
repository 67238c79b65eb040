with

reviews as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'review'
),

intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

candidates_by_reference as (
    select
        reviews.landed_row_id,
        reviews.event_date as review_date,
        1 as rule_order,
        intakes.landed_row_id as intake_landed_row_id,
        intakes.form_key as intake_form_key,
        intakes.event_date as intake_date
    from reviews
    inner join intakes
        on
            reviews.service_code = intakes.service_code
            and reviews.case_key = intakes.case_key
            -- A reference shared by brothers and sisters says which family, not which child.
            and reviews.client_key = intakes.client_key
),

candidates_by_client as (
    select
        reviews.landed_row_id,
        reviews.event_date as review_date,
        2 as rule_order,
        intakes.landed_row_id as intake_landed_row_id,
        intakes.form_key as intake_form_key,
        intakes.event_date as intake_date
    from reviews
    inner join intakes
        on
            reviews.service_code = intakes.service_code
            and reviews.client_key = intakes.client_key
            and reviews.event_date >= intakes.event_date
    where reviews.case_key is null or intakes.case_key is null
),

candidates as (
    select * from candidates_by_reference
    union all
    select * from candidates_by_client
),

dated_candidates as (
    select
        *,
        intake_date <= review_date as is_in_order,
        case when intake_date <= review_date then intake_date end as intake_date_before
    from candidates
),

ranked_candidates as (
    select
        landed_row_id,
        intake_landed_row_id,
        intake_form_key,
        row_number() over (
            partition by landed_row_id
            order by
                rule_order asc,
                is_in_order desc,
                intake_date_before desc,
                intake_date,
                intake_form_key
        ) as place
    from dated_candidates
),

chosen_candidates as (
    select
        landed_row_id,
        intake_landed_row_id,
        intake_form_key
    from ranked_candidates
    where place = 1
)

select * from chosen_candidates
