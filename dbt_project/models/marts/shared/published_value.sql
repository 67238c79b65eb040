with

programme as (
    select disclosure_threshold from {{ ref('programme') }}
),

-- What may be public at all: tables by service and year, and the indicators of areas. Breakdowns, and what was counted
-- across several answers or events of one child, stay inside; and so do a year that is not over and a service that has
-- forms of no other.
reportable as (
    select
        *,
        coalesce(services > 0 and services_asking = 0, false) as is_asked_by_nobody,
        coalesce(max(services) over in_period > 0 and max(services_asking) over in_period = 0, false)
            as is_asked_nowhere
    from {{ ref('reportable_value') }}
    where
        source = 'indicator_value'
        and (breakdown = 'total' or theme = 'social_care')
        and is_provisional is not true
        and (
            geography_level <> 'service'
            or geography_code in (select decided.geography_code from {{ ref('int_disclosure_count') }} as decided)
        )
    window in_period as (partition by theme, indicator_id, period, point, row_order, column_order)
),

-- What a join asks of its left side alone stands on its right side as a column: given nothing but equalities DuckDB
-- joins by hashes, where it would compare every row with every other.
cell as (
    select
        *,
        'insights' as theme
    from {{ ref('int_disclosure_cell') }}
),

count_decisions as (
    select * from {{ ref('int_disclosure_count') }}
),

return_decisions as (
    select * from {{ ref('int_disclosure_return') }}
),

return_sides as (
    select
        'social_care' as theme,
        'authority' as geography_level,
        indicator_id,
        period,
        period_label,
        geography_code,
        breakdown,
        breakdown_value,
        row_order,
        max(cast(rule is not null as integer)) as hidden_sides
    from return_decisions
    group by indicator_id, period, period_label, geography_code, breakdown, breakdown_value, row_order
),

judged_figures as (
    select
        reportable.*,
        -- An average is of numbers, so only its n is a count; how many services take part counts nobody.
        reportable.statistic in ('mean', 'median') as is_average,
        reportable.statistic in ('percentage', 'per_100', 'count') as is_count,
        case
            when reportable.theme = 'social_care' then coalesce(return_sides.hidden_sides, 0) = 1
            when reportable.statistic in ('percentage', 'per_100', 'count')
                -- A count that nobody decided about is not shown.
                then numerator.terms is null or numerator.rule is not null
            when reportable.statistic in ('mean', 'median')
                then coalesce(reportable.denominator between 1 and programme.disclosure_threshold, false)
            else false
        end as is_numerator_hidden,
        case
            when reportable.theme = 'social_care' then coalesce(return_sides.hidden_sides, 0) = 1
            when reportable.statistic in ('mean', 'median')
                then
                    numerator.terms is null
                    or numerator.rule is not null
                    or coalesce(numerator.count <> reportable.denominator, false)
            when reportable.statistic in ('percentage', 'per_100', 'count')
                then cell.denominator_terms <> '' and (denominator.terms is null or denominator.rule is not null)
            -- How many services take part says nothing of n forms, so nobody decided about that n.
            else true
        end as is_base_hidden
    from reportable
    left join cell
        on
            reportable.theme = cell.theme
            and reportable.indicator_id = cell.indicator_id
            and reportable.point = cell.point
            and reportable.row_order = cell.row_order
            and reportable.column_order = cell.column_order
    left join count_decisions as numerator
        on
            reportable.period = numerator.period
            and reportable.geography_code = numerator.geography_code
            and cell.numerator_terms = numerator.terms
    left join count_decisions as denominator
        on
            reportable.period = denominator.period
            and reportable.geography_code = denominator.geography_code
            and cell.denominator_terms = denominator.terms
    left join return_sides
        on
            reportable.theme = return_sides.theme
            and reportable.geography_level = return_sides.geography_level
            and reportable.indicator_id = return_sides.indicator_id
            and reportable.period = return_sides.period
            and reportable.period_label = return_sides.period_label
            and reportable.geography_code = return_sides.geography_code
            and reportable.breakdown = return_sides.breakdown
            and reportable.breakdown_value = return_sides.breakdown_value
            and reportable.row_order = return_sides.row_order
    cross join programme
    where not reportable.is_asked_nowhere
),

-- A true zero is shown, also over a base that is hidden; its interval would give that base back. Not over a small base:
-- where all answers but one are zero, everybody whom it counts gave that one.
marked_figures as (
    select
        judged_figures.*,
        -- Where nobody was asked there is nothing to hide: that a service does not ask is no secret.
        not is_asked_by_nobody
        and (
            is_numerator_hidden
            or (is_base_hidden and is_count and numerator > 0)
            or (is_count and coalesce(denominator between 1 and programme.disclosure_threshold, false))
        ) as is_hidden,
        is_numerator_hidden or is_base_hidden as is_partly_hidden,
        {{ kind_of_period('period_label') }} as kind_of_period
    from judged_figures
    cross join programme
),

all_services as (
    select
        *,
        'service' as compared_level
    from marked_figures
    where geography_level = 'all_services'
),

-- What is beside a figure speaks of others: the year before, all services, the five years of a trend. It is shown where
-- all of them are.
figures_with_neighbours as (
    select
        marked_figures.*,
        max(cast(marked_figures.is_partly_hidden as integer)) over five_years as hidden_of_five_years,
        count(*) over five_years as years_of_five,
        coalesce(
            marked_figures.is_partly_hidden or previous.is_partly_hidden or previous.indicator_id is null, true
        ) as is_change_hidden,
        coalesce(
            marked_figures.is_partly_hidden or everybody.is_partly_hidden or everybody.indicator_id is null, true
        ) as is_difference_hidden
    from marked_figures
    left join marked_figures as previous
        on
            marked_figures.indicator_id = previous.indicator_id
            and marked_figures.period - 1 = previous.period
            and marked_figures.geography_level = previous.geography_level
            and marked_figures.geography_code = previous.geography_code
            and marked_figures.breakdown = previous.breakdown
            and marked_figures.breakdown_value = previous.breakdown_value
            and marked_figures.point = previous.point
            and marked_figures.row_order = previous.row_order
            and marked_figures.column_order = previous.column_order
            and marked_figures.statistic = previous.statistic
            and marked_figures.kind_of_period = previous.kind_of_period
    left join all_services as everybody
        on
            marked_figures.geography_level = everybody.compared_level
            and marked_figures.theme = everybody.theme
            and marked_figures.indicator_id = everybody.indicator_id
            and marked_figures.period = everybody.period
            and marked_figures.point = everybody.point
            and marked_figures.row_order = everybody.row_order
            and marked_figures.column_order = everybody.column_order
    window
        five_years as (
            partition by
                marked_figures.theme,
                marked_figures.indicator_id,
                marked_figures.geography_level,
                marked_figures.geography_code,
                marked_figures.breakdown,
                marked_figures.breakdown_value,
                marked_figures.point,
                marked_figures.row_order,
                marked_figures.column_order,
                marked_figures.statistic,
                marked_figures.kind_of_period
            order by marked_figures.period
            range between 4 preceding and current row
        )
),

shown_figures as (
    select
        source,
        theme,
        indicator_id,
        period,
        period_label,
        geography_level,
        geography_code,
        breakdown,
        breakdown_value,
        point,
        row_order,
        row_label,
        parent_label,
        column_order,
        column_label,
        statistic,
        -- The sum behind a mean is not for the public: with it a hidden number would follow from the others.
        case when not is_hidden and not is_average then numerator end as numerator,
        case when not is_base_hidden then denominator end as denominator,
        case when is_hidden then null when is_average then value_rounded else value end as value,
        case when not is_hidden then value_rounded end as value_rounded,
        unit,
        case when not is_partly_hidden then lower_95 end as lower_95,
        case when not is_partly_hidden then upper_95 end as upper_95,
        case when is_hidden then 'c' else status end as status,
        case when not is_hidden then status_reason end as status_reason,
        population_id,
        -- With the n it would give the whole cohort, of which others are told.
        cast(null as bigint) as not_asked,
        cast(null as bigint) as outside_bands,
        services,
        services_asking,
        is_published,
        {% for column in ['change', 'change_lower_95', 'change_upper_95', 'change_p_value', 'change_mark'] %}
        case when not is_change_hidden then {{ column }} end as {{ column }},
        {% endfor %}
        {% for column in [
            'others_value', 'difference', 'difference_lower_95', 'difference_upper_95', 'comparison'
        ] %}
        case when not is_difference_hidden then {{ column }} end as {{ column }},
        {% endfor %}
        case
            when
                hidden_of_five_years = 0
                and (years_of_five = 5 or recent_trend in ('cannot be calculated', 'not tested'))
                then recent_trend
        end as recent_trend
    from figures_with_neighbours
)

select * from shown_figures
