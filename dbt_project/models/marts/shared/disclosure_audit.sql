with

form_count as (
    select
        'insights' as theme,
        period,
        geography_code,
        count as true_count,
        rule,
        feasible_lower,
        feasible_upper,
        is_exposed,
        is_unavoidable
    from {{ ref('int_disclosure_count') }}
),

return_count as (
    select
        'social_care' as theme,
        period,
        geography_code,
        count as true_count,
        rule,
        feasible_lower,
        feasible_upper,
        is_exposed,
        is_unavoidable
    from {{ ref('int_disclosure_return') }}
),

judged_counts as (
    select * from form_count
    union all
    select * from return_count
),

audits as (
    select
        theme,
        period,
        geography_code,
        (select programme.disclosure_threshold from {{ ref('programme') }} as programme) as threshold,
        count(*) as counts,
        count(*) filter (where true_count = 0) as zeros,
        count(*) filter (where rule is null) as shown,
        count(*) filter (where rule = 'primary') as hidden_primary,
        count(*) filter (where rule = 'complementary') as hidden_complementary,
        count(*) filter (where is_exposed and not is_unavoidable) as exposed,
        count(*) filter (where is_unavoidable) as unavoidable,
        -- A true count outside its own range would mean that the audit is wrong.
        count(*) filter (where true_count not between feasible_lower and feasible_upper) as outside_range,
        min(feasible_upper - feasible_lower) as narrowest_range,
        cast(median(feasible_upper - feasible_lower) as double) as median_range
    from judged_counts
    group by theme, period, geography_code
)

select * from audits
