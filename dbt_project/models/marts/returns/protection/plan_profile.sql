with

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

children as (
    select * from {{ ref('dim_child') }}
),

referrals as (
    select * from {{ ref('fct_referral') }}
),

population as (
    select * from {{ ref('int_child_population') }}
),

census_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

comparators as (
    select
        *,
        case indicator_id
            when 'cpp_starts_neglect_rate' then 'NEG'
            when 'cpp_starts_emotional_rate' then 'EMO'
            when 'cpp_starts_physical_rate' then 'PHY'
            when 'cpp_starts_sexual_rate' then 'SAB'
        end as category
    from {{ ref('int_comparator_level') }}
    where indicator_id like 'cpp_starts_%_rate'
),

-- Contact before the referral that led to the plan.
described as (
    select
        plans.la_code,
        plans.reporting_year,
        plans.initial_category,
        {{ completed_months_between('children.birth_month', 'plans.start_date') }} as age_months,
        plans.is_second_or_subsequent,
        referrals.previous_referral_date is not null as had_referral_before,
        coalesce(referrals.is_rereferral_12m, false) as had_referral_within_12m
    from plans
    left join children
        on plans.la_code = children.la_code and plans.child_key = children.child_key
    left join referrals
        on plans.referral_key = referrals.referral_key
),

in_all as (
    select * from described
    union all
    select * replace ('all' as initial_category) from described
),

started as (
    select
        la_code,
        reporting_year,
        initial_category,
        count(*) as plans_started,
        median(age_months) filter (where age_months >= 0) / 12 as median_age,
        count(*) filter (where age_months < 12) as under_1,
        count(age_months) as of_known_age,
        count(*) filter (where had_referral_before) as referred_before,
        count(*) filter (where had_referral_within_12m) as referred_within_12m,
        count(*) filter (where is_second_or_subsequent) as second_or_subsequent
    from in_all
    where initial_category is not null
    group by la_code, reporting_year, initial_category
),

ended_plans as (
    select
        la_code,
        {{ year_to_march('end_date') }} as reporting_year,
        {{ explode("[initial_category, 'all']") }} as initial_category,
        {{ days_between('start_date', 'end_date') }} as days
    from plans
    where end_date is not null
),

ended as (
    select
        la_code,
        reporting_year,
        initial_category,
        count(*) as plans_ended,
        median(days) as median_days,
        count(*) filter (where days >= 730) as two_years_or_more
    from ended_plans
    group by la_code, reporting_year, initial_category
)

select
    started.la_code,
    started.reporting_year,
    started.initial_category,
    started.plans_started,
    {{ rate('started.plans_started', 'population.children', 10000) }} as starts_per_10000,
    {{ rate_lower('started.plans_started', 'population.children', 10000) }} as rate_lower_95,
    {{ rate_upper('started.plans_started', 'population.children', 10000) }} as rate_upper_95,
    comparators.england as england_per_10000,
    comparators.neighbours as neighbours_per_10000,
    started.median_age,
    100.0 * started.under_1 / nullif(started.of_known_age, 0) as share_under_1,
    {{ wilson_lower('started.under_1', 'started.of_known_age') }} as under_1_lower_95,
    {{ wilson_upper('started.under_1', 'started.of_known_age') }} as under_1_upper_95,
    100.0 * started.referred_before / started.plans_started as share_referred_before,
    {{ wilson_lower('started.referred_before', 'started.plans_started') }} as referred_before_lower_95,
    {{ wilson_upper('started.referred_before', 'started.plans_started') }} as referred_before_upper_95,
    100.0 * started.referred_within_12m / started.plans_started as share_referred_within_12m,
    100.0 * started.second_or_subsequent / started.plans_started as share_repeat,
    {{ wilson_lower('started.second_or_subsequent', 'started.plans_started') }} as repeat_lower_95,
    {{ wilson_upper('started.second_or_subsequent', 'started.plans_started') }} as repeat_upper_95,
    coalesce(ended.plans_ended, 0) as plans_ended,
    ended.median_days as median_days_of_ended,
    100.0 * ended.two_years_or_more / ended.plans_ended as share_two_years_or_more
from started
inner join census_year
    on started.la_code = census_year.la_code and started.reporting_year = census_year.period
left join population
    on started.la_code = population.la_code and started.reporting_year = population.reporting_year
left join comparators
    on
        started.la_code = comparators.la_code
        and started.reporting_year = comparators.reporting_year
        and started.initial_category = comparators.category
left join ended
    on
        started.la_code = ended.la_code
        and started.reporting_year = ended.reporting_year
        and started.initial_category = ended.initial_category
