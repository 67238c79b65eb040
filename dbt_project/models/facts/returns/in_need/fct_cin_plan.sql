{#- A plan ends with its case and with the child's life, whether or not the return says so. -#}
{%- set ends = {
    'return': 'accepted_plans.end_date',
    'closure': 'case when accepted_plans.end_date is null then cases.closure_date end',
    'absence': 'case when accepted_plans.end_date is null then accepted_plans.absent_from end',
    'death': 'limits.died_by',
} -%}

with

accepted_plans as (
    {{ accepted_records(ref('stg_returns__cin_plan'), ref('int_returns_disposition'), ['end_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

cases as (
    select
        referral_key,
        closure_date
    from {{ ref('fct_referral') }}
),

limits as (
    select * from {{ ref('int_child_limit') }}
),

plans as (
    select
        accepted_plans.landed_row_id as plan_key,
        dispositions.survivor_row_id as referral_key,
        accepted_plans.la_code,
        accepted_plans.child_key,
        accepted_plans.start_date,
        {{ earliest_end('accepted_plans.start_date', ends) }} as end_date,
        {{ ended_by(ends) }} as ended_by,
        {{ year_to_march('accepted_plans.start_date') }} as reporting_year
    from accepted_plans
    left join dispositions
        on accepted_plans.parent_row_id = dispositions.landed_row_id
    left join cases
        on dispositions.survivor_row_id = cases.referral_key
    left join limits
        on accepted_plans.la_code = limits.la_code and accepted_plans.child_key = limits.child_key
)

select * from plans
