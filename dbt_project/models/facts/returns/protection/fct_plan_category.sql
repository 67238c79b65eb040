with

plans as (
    select * from {{ ref('stg_returns__cin_protection_plan') }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

-- Every collection that returned the plan, replaced ones too: they are its history.
told as (
    select
        dispositions.survivor_row_id as plan_key,
        plans.collection_year,
        plans.latest_category,
        plans.landed_row_id
    from plans
    inner join dispositions
        on plans.landed_row_id = dispositions.landed_row_id
    where dispositions.survivor_row_id is not null and plans.latest_category is not null
),

last_of_collection as (
    select
        plan_key,
        collection_year,
        max(landed_row_id) as landed_row_id
    from told
    group by plan_key, collection_year
),

history as (
    select
        told.plan_key,
        told.collection_year,
        told.latest_category
    from told
    inner join last_of_collection
        on told.landed_row_id = last_of_collection.landed_row_id
)

select * from history
