with

steps as (
    select * from {{ ref('int_safeguarding_step') }}
),

comparators as (
    select * from {{ ref('int_comparator_level') }}
),

-- What England and the neighbours turn of one step into the next: the printed rate of the one over that of the other.
printed_shares as (
    select
        upper_step.la_code,
        upper_step.reporting_year,
        pair.step,
        100.0 * lower_step.england / upper_step.england as england_share,
        100.0 * lower_step.neighbours / upper_step.neighbours as neighbours_share
    from (
        values
        ('referral to enquiry', 'referral_rate', 's47_rate'),
        ('enquiry to conference', 's47_rate', 'icpc_rate')
    ) as pair (step, from_indicator, to_indicator)
    inner join comparators as upper_step
        on pair.from_indicator = upper_step.indicator_id
    inner join comparators as lower_step
        on
            pair.to_indicator = lower_step.indicator_id
            and upper_step.la_code = lower_step.la_code
            and upper_step.reporting_year = lower_step.reporting_year
),

step_counts as (
    select
        la_code,
        reporting_year,
        step,
        count(*) as base,
        count(*) filter (where went_on) as went_on,
        median(days) filter (where went_on and days >= 0) as median_days,
        quantile_cont(days, 0.9) filter (where went_on and days >= 0) as days_of_nine_in_ten,
        count(*) filter (where days < 0) as dated_backwards
    from steps
    group by la_code, reporting_year, step
)

select
    step_counts.la_code,
    step_counts.reporting_year,
    step_counts.step,
    step_counts.base,
    step_counts.went_on,
    100.0 * step_counts.went_on / step_counts.base as share,
    {{ wilson_lower('step_counts.went_on', 'step_counts.base') }} as share_lower_95,
    {{ wilson_upper('step_counts.went_on', 'step_counts.base') }} as share_upper_95,
    step_counts.median_days,
    step_counts.days_of_nine_in_ten,
    step_counts.dated_backwards,
    printed_shares.england_share,
    printed_shares.neighbours_share,
    -- Where an authority of this size would lie by chance, were its share England's: 99.8 per cent of the time.
    {{ funnel_limit('printed_shares.england_share', 'step_counts.base', -1) }} as funnel_lower_998,
    {{ funnel_limit('printed_shares.england_share', 'step_counts.base', 1) }} as funnel_upper_998
from step_counts
left join printed_shares
    on
        step_counts.la_code = printed_shares.la_code
        and step_counts.reporting_year = printed_shares.reporting_year
        and step_counts.step = printed_shares.step
