with

staged_plans as (
    select * from {{ ref('stg_returns__cin_protection_plan') }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

-- Every collection that returned the plan, replaced ones too: they are its history.
categories_sent as (
    select
        dispositions.survivor_row_id as plan_key,
        staged_plans.collection_year,
        staged_plans.latest_category,
        staged_plans.landed_row_id
    from staged_plans
    inner join dispositions
        on staged_plans.landed_row_id = dispositions.landed_row_id
    where
        dispositions.is_in_force
        and dispositions.survivor_row_id is not null
        and staged_plans.latest_category is not null
),

last_in_collection as (
    select
        plan_key,
        collection_year,
        max(landed_row_id) as landed_row_id
    from categories_sent
    group by plan_key, collection_year
),

category_history as (
    select
        categories_sent.plan_key,
        categories_sent.collection_year,
        categories_sent.latest_category
    from categories_sent
    inner join last_in_collection
        on categories_sent.landed_row_id = last_in_collection.landed_row_id
)

select * from category_history
