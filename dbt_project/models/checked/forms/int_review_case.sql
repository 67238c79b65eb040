with

reviews as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'review'
),

intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

-- A reference shared by brothers and sisters says which family, not which child. Without one an intake after the review
-- is none of its case.
candidates as (
    select
        reviews.landed_row_id,
        intakes.landed_row_id as intake_landed_row_id,
        intakes.form_key as intake_form_key,
        row_number() over (
            partition by reviews.landed_row_id
            order by
                (reviews.case_key = intakes.case_key) is not true,
                {{ intake_choice('reviews', 'review_day') }}
        ) as place
    from reviews
    inner join intakes
        on
            reviews.service_code = intakes.service_code
            and reviews.client_key = intakes.client_key
    {{ join_client_day(ref('int_client_day'), 'reviews', 'review_day') }}
    where
        (reviews.birth_month = intakes.birth_month) is not false
        and (
            reviews.case_key = intakes.case_key
            or (
                (reviews.case_key is null or intakes.case_key is null)
                and reviews.event_date >= intakes.event_date
            )
        )
),

chosen_candidates as (
    select
        landed_row_id,
        intake_landed_row_id,
        intake_form_key
    from candidates
    where place = 1
)

select * from chosen_candidates
