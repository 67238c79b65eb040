with

reviews as (
    {{ accepted_records(ref('stg_returns__cin_plan_review'), ref('int_returns_disposition')) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

described as (
    select
        reviews.landed_row_id as review_key,
        dispositions.survivor_row_id as plan_key,
        reviews.la_code,
        reviews.child_key,
        reviews.review_date
    from reviews
    left join dispositions
        on reviews.parent_row_id = dispositions.landed_row_id
)

select * from described
