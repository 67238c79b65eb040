{#- A plan follows from a conference when it starts on its day or in the fortnight after it. -#}
{%- set days_to_plan = 14 -%}

with

enquiries as (
    select * from {{ ref('fct_section47') }}
),

referrals as (
    select * from {{ ref('fct_referral') }}
),

plans as (
    select * from {{ ref('fct_protection_plan') }}
),

-- A date may stand on the enquiry, on the referral, or on both.
dates_named as (
    select
        la_code,
        child_key,
        conference_date,
        section47_key,
        section47_key as named_by,
        start_date
    from enquiries
    where conference_date is not null
    union all
    select
        la_code,
        child_key,
        date_of_initial_cpc as conference_date,
        null as section47_key,
        referral_key as named_by,
        null as start_date
    from referrals
    where date_of_initial_cpc is not null
),

conferences as (
    select
        la_code,
        child_key,
        conference_date,
        -- Of two enquiries that name it the one that began last.
        {{ value_of_first('section47_key', 'start_date desc nulls last, named_by') }} as section47_key,
        {{ value_of_first('named_by', 'start_date desc nulls last, named_by') }} as conference_key
    from dates_named
    group by la_code, child_key, conference_date
),

-- Of the conferences that may have led to a plan, the last before it did.
conferences_before_plans as (
    select
        plans.plan_key,
        plans.start_date,
        conferences.conference_key,
        row_number() over (partition by plans.plan_key order by conferences.conference_date desc) as place
    from plans
    inner join conferences
        on
            plans.la_code = conferences.la_code
            and plans.child_key = conferences.child_key
    where {{ days_between('conferences.conference_date', 'plans.start_date') }} between 0 and {{ days_to_plan }}
),

plans_by_conference as (
    select
        conference_key,
        {{ value_of_first('plan_key', 'start_date, plan_key') }} as plan_key
    from conferences_before_plans
    where place = 1
    group by conference_key
),

conferences_with_plan as (
    select
        conferences.conference_key,
        conferences.la_code,
        conferences.child_key,
        conferences.conference_date,
        {{ year_to_march('conferences.conference_date') }} as reporting_year,
        conferences.section47_key,
        plans_by_conference.plan_key,
        plans_by_conference.plan_key is not null as led_to_plan
    from conferences
    left join plans_by_conference
        on conferences.conference_key = plans_by_conference.conference_key
)

select * from conferences_with_plan
