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

assessment as (
    select
        assessment_key,
        referral_key
    from {{ ref('fct_assessment') }}
),

-- Neglect, physical and sexual abuse as found at the end of an assessment.
other_abuse as (
    select distinct assessment.referral_key
    from assessment
    inner join {{ ref('fct_assessment_factor') }} as factor on assessment.assessment_key = factor.assessment_key
    where factor.factor in ('16A', '18A', '18B', '18C', '19A', '19B', '19C')
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
        coalesce(child.is_disabled, false) as is_disabled,
        plan.initial_category = 'EMO'
        and coalesce(plan.latest_category, 'EMO') = 'EMO'
        and other_abuse.referral_key is null as is_emotional_alone
    from plan
    left join child on plan.la_code = child.la_code and plan.child_key = child.child_key
    left join other_abuse on plan.referral_key = other_abuse.referral_key
)

select * from described_plans
