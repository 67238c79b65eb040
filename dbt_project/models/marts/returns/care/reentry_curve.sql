{#- The curve behind reentry_survival at every half year, with what a life table needs. -#}
{%- set step = 6 -%}
{%- set last_month = 60 -%}
{%- set days_a_month = '(365.25 / 12)' -%}
with

spells as (
    select * from {{ ref('int_return_home_spell') }}
),

returns_followed as (
    select
        spells.la_code,
        kinds.return_kind,
        spells.days_followed,
        spells.came_back
    from spells
    cross join lateral (values ('all'), (spells.return_kind)) as kinds (return_kind)
),

leavers_by_day as (
    select
        la_code,
        return_kind,
        days_followed,
        count(*) as leaving,
        count(*) filter (where came_back) as came_back
    from returns_followed
    group by la_code, return_kind, days_followed
),

-- Who leaves on a day without coming back is still at risk on it.
children_at_risk as (
    select
        *,
        sum(leaving) over (
            partition by la_code, return_kind
            order by days_followed
            rows between current row and unbounded following
        ) as at_risk
    from leavers_by_day
),

months as (
    select {{ explode('generate_series(0, ' ~ last_month ~ ', ' ~ step ~ ')') }} as month_no
),

return_totals as (
    select
        la_code,
        return_kind,
        count(*) as returns,
        max(days_followed) as longest_followed_days
    from returns_followed
    group by la_code, return_kind
),

points as (
    select
        return_totals.*,
        cast(months.month_no as integer) as months,
        months.month_no * {{ days_a_month }} as horizon,
        (months.month_no - {{ step }}) * {{ days_a_month }} as horizon_before
    from return_totals
    cross join months
),

points_with_sums as (
    select
        points.la_code,
        points.return_kind,
        points.months,
        points.returns,
        points.horizon,
        points.longest_followed_days,
        cast(
            coalesce(
                sum(children_at_risk.came_back) filter (where children_at_risk.days_followed > points.horizon_before), 0
            ) as bigint
        )
            as came_back_in_interval,
        cast(coalesce(sum(children_at_risk.came_back), 0) as bigint) as came_back,
        bool_or(coalesce(children_at_risk.came_back = children_at_risk.at_risk, false)) as is_nobody_left,
        coalesce(sum(ln(nullif(1 - children_at_risk.came_back / cast(children_at_risk.at_risk as double), 0))), 0)
            as log_stayed,
        sqrt(coalesce(sum(
            children_at_risk.came_back
            / nullif(
                cast(children_at_risk.at_risk as double) * (children_at_risk.at_risk - children_at_risk.came_back), 0
            )
        ), 0)) as log_error
    from points
    left join children_at_risk
        on
            points.la_code = children_at_risk.la_code
            and points.return_kind = children_at_risk.return_kind
            and points.horizon >= children_at_risk.days_followed
    group by all
),

points_still_followed as (
    select
        points.la_code,
        points.return_kind,
        points.months,
        count(*) filter (where returns_followed.days_followed >= points.horizon) as still_followed
    from points
    inner join returns_followed
        on points.la_code = returns_followed.la_code and points.return_kind = returns_followed.return_kind
    group by points.la_code, points.return_kind, points.months
),

estimates as (
    select
        points_with_sums.*,
        points_still_followed.still_followed,
        points_with_sums.longest_followed_days >= points_with_sums.horizon
        or points_with_sums.is_nobody_left as is_known,
        case when points_with_sums.is_nobody_left then 0 else exp(points_with_sums.log_stayed) end as stayed,
        -- Limits on the log-log scale; where nobody has come back yet, or nobody is left, there are none.
        case
            when not points_with_sums.is_nobody_left and points_with_sums.log_stayed < 0
                then {{ normal_quantile(95) }} * points_with_sums.log_error / points_with_sums.log_stayed
        end as spread
    from points_with_sums
    inner join points_still_followed
        on
            points_with_sums.la_code = points_still_followed.la_code
            and points_with_sums.return_kind = points_still_followed.return_kind
            and points_with_sums.months = points_still_followed.months
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
from estimates
