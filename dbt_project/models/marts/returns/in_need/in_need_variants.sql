{%- set variants = [
    ('any referral in the year, or open on the day', 'was_referred or is_taken_up'),
    ('taken up and open at any time in the year', 'was_taken_up'),
    ('taken up and open on the day', 'is_taken_up'),
    ('taken up and open on the day, on a plan or in care', 'is_in_need'),
    ('taken up and open on the day, neither on a plan nor in care',
        'is_taken_up and not is_on_plan and not is_in_care'),
    ('on a plan or in care', 'is_on_plan or is_in_care'),
    ('with a child in need plan on the day', 'has_in_need_plan'),
] -%}
with

days as (
    select
        la_code,
        period as reporting_year,
        period_start as first_day,
        period_end as on_day
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

spells as (
    select
        la_code,
        child_key,
        'referral' as spell,
        referral_date as start_date,
        referral_date + 1 as end_date
    from {{ ref('fct_referral') }}
    union all
    select
        la_code,
        child_key,
        'taken up' as spell,
        start_date,
        end_date
    from {{ ref('fct_cin_episode') }}
    union all
    select
        la_code,
        child_key,
        'in need plan' as spell,
        start_date,
        end_date
    from {{ ref('fct_cin_plan') }}
),

children_in_records as (
    select
        days.la_code,
        days.reporting_year,
        spells.child_key,
        bool_or(spells.spell = 'referral') as was_referred,
        bool_or(spells.spell = 'taken up') as was_taken_up,
        bool_or(
            spells.spell = 'taken up' and {{ open_on('days.on_day', 'spells.start_date', 'spells.end_date') }}
        ) as is_taken_up,
        bool_or(
            spells.spell = 'in need plan' and {{ open_on('days.on_day', 'spells.start_date', 'spells.end_date') }}
        ) as has_in_need_plan
    from days
    inner join spells
        on
            days.la_code = spells.la_code
            and days.on_day >= spells.start_date
            and (spells.end_date is null or days.first_day < spells.end_date)
    group by days.la_code, days.reporting_year, spells.child_key
),

statuses_on_31_march as (
    select * from {{ ref('child_on_31_march') }}
),

-- The census asks for child in need plans from this year on; before it a plan in the return is a slip.
in_need_plans_asked_for as (
    select min(first_year) as first_year
    from {{ ref('return_difference') }}
    where record_id = 'cin_plan' and field_id is null
),

children as (
    select
        coalesce(children_in_records.la_code, statuses_on_31_march.la_code) as la_code,
        coalesce(children_in_records.reporting_year, statuses_on_31_march.reporting_year) as reporting_year,
        coalesce(children_in_records.was_referred, false) as was_referred,
        coalesce(children_in_records.was_taken_up, false) as was_taken_up,
        coalesce(children_in_records.is_taken_up, false) as is_taken_up,
        coalesce(children_in_records.has_in_need_plan, false) as has_in_need_plan,
        coalesce(statuses_on_31_march.is_in_need, false) as is_in_need,
        coalesce(statuses_on_31_march.is_on_plan, false) as is_on_plan,
        coalesce(statuses_on_31_march.is_looked_after, false) as is_in_care,
        coalesce(children_in_records.reporting_year, statuses_on_31_march.reporting_year)
        >= in_need_plans_asked_for.first_year
            as is_plan_asked_for
    from children_in_records
    full join statuses_on_31_march
        on
            children_in_records.la_code = statuses_on_31_march.la_code
            and children_in_records.reporting_year = statuses_on_31_march.reporting_year
            and children_in_records.child_key = statuses_on_31_march.child_key
    cross join in_need_plans_asked_for
),

care_year as (
    select * from {{ ref('int_social_care_window') }}
    where source_id = 'ssda903' and is_year
),

population as (
    select * from {{ ref('int_child_population') }}
),

comparators as (
    select * from {{ ref('int_comparator_level') }}
    where indicator_id = 'cin_rate'
),

variant_counts as (
    {%- for variant, condition in variants %}
    select
        la_code,
        reporting_year,
        '{{ variant }}' as variant,
        {%- if 'has_in_need_plan' in condition %}
        case when bool_and(is_plan_asked_for) then count(*) filter (where {{ condition }}) end as children
        {%- elif 'is_in_care' in condition %}
        -- Who is in care is known where the looked-after return of the year is held.
        case
            when (la_code, reporting_year) in (select (care_year.la_code, care_year.period) from care_year)
                then count(*) filter (where {{ condition }})
        end as children
        {%- else %}
        count(*) filter (where {{ condition }}) as children
        {%- endif %}
    from children
    group by la_code, reporting_year
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    variant_counts.la_code,
    variant_counts.reporting_year,
    variant_counts.variant,
    variant_counts.children,
    population.children as population_0_to_17,
    {{ rate('variant_counts.children', 'population.children', 10000) }} as per_10000,
    {{ rate_lower('variant_counts.children', 'population.children', 10000) }} as rate_lower_95,
    {{ rate_upper('variant_counts.children', 'population.children', 10000) }} as rate_upper_95,
    min(variant_counts.children)
        over (partition by variant_counts.la_code, variant_counts.reporting_year)
        as least_of_variants,
    max(variant_counts.children)
        over (partition by variant_counts.la_code, variant_counts.reporting_year)
        as most_of_variants,
    comparators.england as england_per_10000,
    comparators.neighbours as neighbours_per_10000
from variant_counts
inner join days
    on variant_counts.la_code = days.la_code and variant_counts.reporting_year = days.reporting_year
left join population
    on variant_counts.la_code = population.la_code and variant_counts.reporting_year = population.reporting_year
left join comparators
    on variant_counts.la_code = comparators.la_code and variant_counts.reporting_year = comparators.reporting_year
