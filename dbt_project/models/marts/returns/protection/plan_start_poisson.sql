with

counts as (
    select * from {{ ref('int_plan_start_count') }}
),

limits as (
    select * from {{ ref('int_plan_start_limit') }}
),

-- A year is compared with the year before, three years with the three that have no year in common with them.
counts_in_order as (
    select
        counts.*,
        before.starts as previous_starts,
        before.children as previous_children
    from counts
    left join counts as before
        on
            counts.la_code = before.la_code
            and counts.category = before.category
            and counts.years = before.years
            and counts.reporting_year = before.reporting_year + before.years
),

compared_counts as (
    select
        *,
        -- Both counts are Poisson; what the second would be at the first's rate, and its distance from it.
        case
            when starts + previous_starts > 0
                then (starts - previous_starts * coalesce(children / cast(previous_children as double), 1))
                    / sqrt(
                        starts
                        + previous_starts * power(coalesce(children / cast(previous_children as double), 1), 2)
                    )
        end as z
    from counts_in_order
)

select
    compared_counts.la_code,
    compared_counts.category,
    compared_counts.reporting_year,
    compared_counts.years,
    compared_counts.starts,
    round(limits.lower_95, 6) as starts_lower_95,
    round(limits.upper_95, 6) as starts_upper_95,
    compared_counts.children as child_years,
    10000.0 * compared_counts.starts / compared_counts.children as per_10000,
    10000.0 * round(limits.lower_95, 6) / compared_counts.children as rate_lower_95,
    10000.0 * round(limits.upper_95, 6) / compared_counts.children as rate_upper_95,
    compared_counts.previous_starts,
    compared_counts.z,
    abs(compared_counts.z) < {{ normal_quantile(95) }} as is_within_chance
from compared_counts
inner join limits
    on compared_counts.starts = limits.starts
