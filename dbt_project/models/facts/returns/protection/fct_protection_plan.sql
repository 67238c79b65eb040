with

accepted_plans as (
    {{ accepted_records(
        ref('stg_returns__cin_protection_plan'), ref('int_returns_disposition'),
        ['end_date', 'previous_plans']
    ) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

plans as (
    select
        accepted_plans.landed_row_id as plan_key,
        dispositions.survivor_row_id as referral_key,
        accepted_plans.la_code,
        accepted_plans.child_key,
        accepted_plans.start_date,
        accepted_plans.end_date,
        {{ year_to_march('accepted_plans.start_date') }} as reporting_year,
        accepted_plans.initial_category,
        accepted_plans.latest_category,
        accepted_plans.previous_plans,
        -- What the return says; where it says nothing, whether an earlier plan is on record.
        coalesce(
            accepted_plans.previous_plans >= 1,
            row_number()
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
)

select * from plans
