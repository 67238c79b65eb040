with

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

census_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

factors as (
    select
        assessments.la_code,
        assessments.referral_key,
        bool_or(factors.factor_group = 'neglect') as has_neglect,
        bool_or(factors.factor_group = 'emotional_abuse') as has_emotional,
        bool_or(factors.factor_group = 'physical_abuse') as has_physical,
        bool_or(factors.factor_group = 'sexual_abuse') as has_sexual
    from {{ ref('fct_assessment') }} as assessments
    inner join {{ ref('fct_assessment_factor') }} as factors
        on assessments.assessment_key = factors.assessment_key
    group by assessments.la_code, assessments.referral_key
),

history as (
    select
        plan_key,
        bool_or(latest_category = 'MUL') as was_multiple
    from {{ ref('fct_plan_category') }}
    group by plan_key
)

select
    plans.plan_key,
    plans.la_code,
    plans.reporting_year,
    plans.initial_category,
    factors.referral_key is not null as is_factor_recorded,
    coalesce(factors.has_neglect, false) as has_neglect,
    coalesce(factors.has_emotional, false) as has_emotional,
    coalesce(factors.has_physical, false) as has_physical,
    coalesce(factors.has_sexual, false) as has_sexual,
    plans.initial_category != 'MUL'
    and coalesce(history.was_multiple or plans.latest_category = 'MUL', false) as became_multiple,
    coalesce(plans.latest_category != plans.initial_category, false) as changed_category,
    plans.is_for_emotional_abuse and factors.referral_key is not null as is_emotional_with_factors,
    plans.is_for_emotional_abuse
    and factors.referral_key is not null
    and not (factors.has_neglect or factors.has_physical or factors.has_sexual) as is_emotional_alone
from plans
inner join census_year
    on plans.la_code = census_year.la_code and plans.reporting_year = census_year.period
left join factors
    on plans.la_code = factors.la_code and plans.referral_key = factors.referral_key
left join history
    on plans.plan_key = history.plan_key
where plans.initial_category is not null
