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

-- Of these days all referrals are held: contact before them is seen where it lies in them too.
referral_days as (
    select * from {{ ref('int_returns_coverage') }}
    where record_id = 'cin_referral'
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
plans_with_history as (
    select
        plans.la_code,
        plans.reporting_year,
        plans.initial_category,
        {{ completed_months_between('children.birth_month', 'plans.start_date') }} as age_months,
        plans.is_second_or_subsequent,
        case when referral_days.la_code is not null then referrals.is_rereferral_12m end as had_referral_within_12m
    from plans
    left join children
        on plans.la_code = children.la_code and plans.child_key = children.child_key
    left join referrals
        on plans.referral_key = referrals.referral_key
    left join referral_days
        on
            plans.la_code = referral_days.la_code
            and referrals.referral_date - interval 12 month >= referral_days.first_day
            and referrals.referral_date <= referral_days.last_day
),

plans_by_category as (
    select * from plans_with_history
    union all
    select * replace ('all' as initial_category) from plans_with_history
),

start_counts as (
    select
        la_code,
        reporting_year,
        initial_category,
        count(*) as plans_started,
        median(age_months) filter (where age_months >= 0) / 12 as median_age,
        count(*) filter (where age_months < 12) as under_1,
        count(age_months) as of_known_age,
        count(*) filter (where age_months >= 0) as born,
        count(*) filter (where had_referral_within_12m) as referred_within_12m,
        count(had_referral_within_12m) as of_known_contact,
        count(*) filter (where is_second_or_subsequent) as second_or_subsequent
    from plans_by_category
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

end_counts as (
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
    start_counts.la_code,
    start_counts.reporting_year,
    start_counts.initial_category,
    start_counts.plans_started,
    {{ rate('start_counts.plans_started', 'population.children', 10000) }} as starts_per_10000,
    {{ rate_lower('start_counts.plans_started', 'population.children', 10000) }} as rate_lower_95,
    {{ rate_upper('start_counts.plans_started', 'population.children', 10000) }} as rate_upper_95,
    comparators.england as england_per_10000,
    comparators.neighbours as neighbours_per_10000,
    start_counts.median_age,
    100.0 * start_counts.under_1 / nullif(start_counts.of_known_age, 0) as share_under_1,
    {{ wilson_lower('start_counts.under_1', 'start_counts.of_known_age') }} as under_1_lower_95,
    {{ wilson_upper('start_counts.under_1', 'start_counts.of_known_age') }} as under_1_upper_95,
    100.0 * start_counts.referred_within_12m / nullif(start_counts.of_known_contact, 0) as share_referred_within_12m,
    {{ wilson_lower('start_counts.referred_within_12m', 'start_counts.of_known_contact') }} as within_12m_lower_95,
    {{ wilson_upper('start_counts.referred_within_12m', 'start_counts.of_known_contact') }} as within_12m_upper_95,
    100.0 * start_counts.second_or_subsequent / start_counts.plans_started as share_repeat,
    {{ wilson_lower('start_counts.second_or_subsequent', 'start_counts.plans_started') }} as repeat_lower_95,
    {{ wilson_upper('start_counts.second_or_subsequent', 'start_counts.plans_started') }} as repeat_upper_95,
    coalesce(end_counts.plans_ended, 0) as plans_ended,
    end_counts.median_days as median_days_of_ended,
    100.0 * end_counts.two_years_or_more / end_counts.plans_ended as share_two_years_or_more,
    start_counts.under_1,
    start_counts.of_known_age,
    start_counts.born,
    start_counts.referred_within_12m,
    start_counts.of_known_contact,
    start_counts.second_or_subsequent
from start_counts
inner join census_year
    on start_counts.la_code = census_year.la_code and start_counts.reporting_year = census_year.period
left join population
    on start_counts.la_code = population.la_code and start_counts.reporting_year = population.reporting_year
left join comparators
    on
        start_counts.la_code = comparators.la_code
        and start_counts.reporting_year = comparators.reporting_year
        and start_counts.initial_category = comparators.category
left join end_counts
    on
        start_counts.la_code = end_counts.la_code
        and start_counts.reporting_year = end_counts.reporting_year
        and start_counts.initial_category = end_counts.initial_category
