with

plans as (
    {{ accepted_records(
        ref('stg_returns__cin_protection_plan'), ref('int_returns_disposition'),
        ['end_date', 'previous_plans']
    ) }}
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
        {{ year_to_march('plans.start_date') }} as reporting_year,
        plans.initial_category,
        plans.latest_category,
        plans.previous_plans,
        -- What the return says; where it says nothing, whether an earlier plan is on record.
        coalesce(
            plans.previous_plans >= 1,
            row_number() over (partition by plans.la_code, plans.child_key order by plans.start_date) > 1
        ) as is_second_or_subsequent
    from plans
    left join dispositions
        on plans.parent_row_id = dispositions.landed_row_id
)

select * from described
