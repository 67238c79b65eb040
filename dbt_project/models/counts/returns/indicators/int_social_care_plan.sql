with

plan as (
    select * from {{ ref('fct_protection_plan') }}
),

child as (
    select
        la_code,
        child_key,
        is_disabled
    from {{ ref('dim_child') }}
),

described_plans as (
    select
        plan.plan_key,
        plan.la_code,
        plan.child_key,
        plan.start_date,
        plan.end_date,
        plan.initial_category,
        plan.is_second_or_subsequent,
        plan.is_for_physical_abuse,
        plan.is_for_emotional_abuse,
        plan.is_for_sexual_abuse,
        plan.is_for_neglect,
        plan.is_for_several_categories,
        coalesce(child.is_disabled, false) as is_disabled
    from plan
    left join child on plan.la_code = child.la_code and plan.child_key = child.child_key
)

select * from described_plans
