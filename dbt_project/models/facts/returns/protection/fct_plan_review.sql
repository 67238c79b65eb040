with

accepted_reviews as (
    {{ accepted_records(ref('stg_returns__cin_plan_review'), ref('int_returns_disposition')) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

reviews as (
    select
        accepted_reviews.landed_row_id as review_key,
        dispositions.survivor_row_id as plan_key,
        accepted_reviews.la_code,
        accepted_reviews.child_key,
        accepted_reviews.review_date
    from accepted_reviews
    left join dispositions
        on accepted_reviews.parent_row_id = dispositions.landed_row_id
)

select * from reviews
