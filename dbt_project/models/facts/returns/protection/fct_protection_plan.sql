{#- A plan ends with its case, with the child's life and with childhood, whether or not the return says so. -#}
{%- set ends = {
    'return': 'accepted_plans.end_date',
    'closure': 'case when accepted_plans.end_date is null then cases.closure_date end',
    'absence': 'case when accepted_plans.end_date is null and accepted_plans.absent_from is not null '
        ~ 'then least(accepted_plans.absent_from, accepted_plans.next_start_date) end',
    'death': 'limits.died_by',
    'birthday': 'limits.is_18_by',
} -%}

with

plans_told as (
    {{ accepted_records(
        ref('stg_returns__cin_protection_plan'), ref('int_returns_disposition'),
        ['end_date', 'previous_plans']
    ) }}
),

-- What the next collection does not tell any more was over at the latest when the plan that it tells instead began.
accepted_plans as (
    select
        *,
        min(start_date) over (
            partition by la_code, child_key
            order by start_date
            range between interval 1 day following and unbounded following
        ) as next_start_date
    from plans_told
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
        {{ year_to_march('accepted_plans.start_date') }} as reporting_year,
        accepted_plans.initial_category,
        accepted_plans.latest_category,
        accepted_plans.previous_plans,
        -- What the return says; where it says nothing, whether an earlier plan is on record.
        coalesce(
            accepted_plans.previous_plans >= 1,
            rank()
                over (partition by accepted_plans.la_code, accepted_plans.child_key order by accepted_plans.start_date)
            > 1
        ) as is_second_or_subsequent,
        {%- for category, flag in [
            ('PHY', 'physical_abuse'), ('EMO', 'emotional_abuse'), ('SAB', 'sexual_abuse'), ('NEG', 'neglect'),
            ('MUL', 'several_categories')
        ] %}
        coalesce(accepted_plans.initial_category = '{{ category }}', false) as is_for_{{ flag }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from accepted_plans
    left join dispositions
        on accepted_plans.parent_row_id = dispositions.landed_row_id
    left join cases
        on dispositions.survivor_row_id = cases.referral_key
    left join limits
        on accepted_plans.la_code = limits.la_code and accepted_plans.child_key = limits.child_key
)

select * from plans
