with

plans as (
    {{ accepted_records(ref('stg_returns__cin_plan'), ref('int_returns_disposition'), ['end_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

described as (
    select
        plans.landed_row_id as plan_key,
        dispositions.survivor_row_id as referral_key,
        plans.la_code,
        plans.child_key,
        plans.start_date,
        plans.end_date,
        {{ year_to_march('plans.start_date') }} as reporting_year
    from plans
    left join dispositions
        on plans.parent_row_id = dispositions.landed_row_id
)

select * from described
