{#- The curve behind reentry_survival at every half year, with what a life table needs. -#}
{%- set step = 6 -%}
{%- set last_month = 60 -%}
{%- set days_a_month = '(365.25 / 12)' -%}
with

spells as (
    select * from {{ ref('int_return_home_spell') }}
),

followed as (
    select
        spells.la_code,
        kinds.return_kind,
        spells.days_followed,
        spells.came_back
    from spells
    cross join lateral (values ('all'), (spells.return_kind)) as kinds (return_kind)
),

leaving as (
    select
        la_code,
        return_kind,
        days_followed,
        count(*) as leaving,
        count(*) filter (where came_back) as came_back
    from followed
    group by la_code, return_kind, days_followed
),

-- Who leaves on a day without coming back is still at risk on it.
at_risk as (
    select
        *,
        sum(leaving) over (
            partition by la_code, return_kind
            order by days_followed
            rows between current row and unbounded following
        ) as at_risk
    from leaving
),

months as (
    select {{ explode('generate_series(0, ' ~ last_month ~ ', ' ~ step ~ ')') }} as month_no
),

totals as (
    select
        la_code,
        return_kind,
        count(*) as returns,
        max(days_followed) as longest_followed_days
    from followed
    group by la_code, return_kind
),

points as (
    select
        totals.*,
        cast(months.month_no as integer) as months,
        months.month_no * {{ days_a_month }} as horizon,
        (months.month_no - {{ step }}) * {{ days_a_month }} as horizon_before
    from totals
    cross join months
),

summed as (
    select
        points.la_code,
        points.return_kind,
        points.months,
        points.returns,
        points.horizon,
        points.longest_followed_days,
        cast(coalesce(sum(at_risk.came_back) filter (where at_risk.days_followed > points.horizon_before), 0) as bigint)
            as came_back_in_interval,
        cast(coalesce(sum(at_risk.came_back), 0) as bigint) as came_back,
        bool_or(coalesce(at_risk.came_back = at_risk.at_risk, false)) as is_nobody_left,
        coalesce(sum(ln(nullif(1 - at_risk.came_back / cast(at_risk.at_risk as double), 0))), 0) as log_stayed,
        sqrt(coalesce(sum(
            at_risk.came_back
            / nullif(cast(at_risk.at_risk as double) * (at_risk.at_risk - at_risk.came_back), 0)
        ), 0)) as log_error
    from points
    left join at_risk
        on
            points.la_code = at_risk.la_code
            and points.return_kind = at_risk.return_kind
            and points.horizon >= at_risk.days_followed
    group by all
),

still as (
    select
        points.la_code,
        points.return_kind,
        points.months,
        count(*) filter (where followed.days_followed >= points.horizon) as still_followed
    from points
    inner join followed
        on points.la_code = followed.la_code and points.return_kind = followed.return_kind
    group by points.la_code, points.return_kind, points.months
),

estimated as (
    select
        summed.*,
        still.still_followed,
        summed.longest_followed_days >= summed.horizon or summed.is_nobody_left as is_known,
        case when summed.is_nobody_left then 0 else exp(summed.log_stayed) end as stayed,
        -- Limits on the log-log scale; where nobody has come back yet, or nobody is left, there are none.
        case
            when not summed.is_nobody_left and summed.log_stayed < 0
                then 1.959964 * summed.log_error / summed.log_stayed
        end as spread
    from summed
    inner join still
        on
            summed.la_code = still.la_code
            and summed.return_kind = still.return_kind
            and summed.months = still.months
)

select
    la_code,
    return_kind,
    months,
    returns,
    came_back_in_interval,
    came_back,
    still_followed,
    case when is_known then round(100 * (1 - stayed), 6) end as came_back_share,
    case when is_known then round(100 * (1 - power(stayed, exp(spread))), 6) end as share_lower_95,
    case when is_known then round(100 * (1 - power(stayed, exp(-spread))), 6) end as share_upper_95
from estimated
