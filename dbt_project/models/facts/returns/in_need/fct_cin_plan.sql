with

accepted_plans as (
    {{ accepted_records(ref('stg_returns__cin_plan'), ref('int_returns_disposition'), ['end_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

plans as (
    select
        accepted_plans.landed_row_id as plan_key,
        dispositions.survivor_row_id as referral_key,
        accepted_plans.la_code,
        accepted_plans.child_key,
        accepted_plans.start_date,
        accepted_plans.end_date,
        {{ year_to_march('accepted_plans.start_date') }} as reporting_year
    from accepted_plans
    left join dispositions
        on accepted_plans.parent_row_id = dispositions.landed_row_id
)

select * from plans
