with

referrals as (
    select * from {{ ref('fct_referral') }}
),

first_assessments as (
    select
        la_code,
        referral_key,
        min(start_date) as first_date
    from {{ ref('fct_assessment') }}
    where referral_key is not null
    group by la_code, referral_key
),

enquiries as (
    select * from {{ ref('fct_section47') }}
),

first_enquiries as (
    select
        la_code,
        referral_key,
        min(start_date) as first_date
    from enquiries
    where referral_key is not null
    group by la_code, referral_key
),

conferences as (
    select * from {{ ref('fct_conference') }}
),

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

steps as (
    select
        'referral to assessment' as step,
        referrals.la_code,
        referrals.reporting_year,
        first_assessments.first_date is not null as went_on,
        {{ days_between('referrals.referral_date', 'first_assessments.first_date') }} as days
    from referrals
    left join first_assessments
        on referrals.la_code = first_assessments.la_code and referrals.referral_key = first_assessments.referral_key
    union all
    select
        'referral to enquiry' as step,
        referrals.la_code,
        referrals.reporting_year,
        first_enquiries.first_date is not null as went_on,
        {{ days_between('referrals.referral_date', 'first_enquiries.first_date') }} as days
    from referrals
    left join first_enquiries
        on referrals.la_code = first_enquiries.la_code and referrals.referral_key = first_enquiries.referral_key
    union all
    select
        'enquiry to conference' as step,
        la_code,
        reporting_year,
        conference_date is not null as went_on,
        {{ days_between('start_date', 'conference_date') }} as days
    from enquiries
    union all
    select
        'conference to plan' as step,
        conferences.la_code,
        conferences.reporting_year,
        conferences.led_to_plan as went_on,
        {{ days_between('conferences.conference_date', 'plans.start_date') }} as days
    from conferences
    left join plans
        on conferences.plan_key = plans.plan_key
)

select
    steps.*,
    row_number() over (partition by steps.la_code, steps.reporting_year, step, went_on, days) as row_no
from steps
inner join census_year
    on steps.la_code = census_year.la_code and steps.reporting_year = census_year.period
