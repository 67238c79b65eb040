{# What is set beside a figure: the year before, all other services, the years of a trend. Of true figures for the marts, of
   printed ones for what is public, where nothing may follow from a true one. #}


{# Every proportion of the forms against the year before. `values` has the columns of indicator_value, `unlike_year` the
   years in which other services asked than in the year before (columns of int_unlike_year), `cells` int_report_cell. #}
{% macro year_changes(values, unlike_year, cells) -%}
{%- set series = [
    'indicator_id', 'geography_level', 'geography_code', 'breakdown', 'breakdown_value', 'point', 'row_order',
    'column_order'
] -%}
{%- set before = ['numerator', 'denominator', 'value', 'lower_95', 'upper_95'] -%}
with

cell as (
    select
        table_id as indicator_id,
        point,
        row_order,
        column_order,
        coalesce(question_no, 0) as question_no
    from {{ cells }}
),

unlike_year as (
    select
        *,
        'all_services' as geography_level
    from {{ unlike_year }}
),

-- A service is compared with itself, and has no value in a year in which it did not ask.
proportion as (
    select
        -- Of printed counts one may exceed its n, by rounding.
        indicator_value.* replace (
            {{ at_most('indicator_value.numerator', 'indicator_value.denominator') }} as numerator
        ),
        unlike_year.reporting_year is not null as is_unlike_year_before
    from {{ values }} as indicator_value
    left join cell
        on
            indicator_value.indicator_id = cell.indicator_id
            and indicator_value.point = cell.point
            and indicator_value.row_order = cell.row_order
            and indicator_value.column_order = cell.column_order
    left join unlike_year
        on
            indicator_value.geography_level = unlike_year.geography_level
            and indicator_value.population_id = unlike_year.population_id
            and cell.question_no = unlike_year.question_no
            and indicator_value.breakdown = unlike_year.breakdown
            and indicator_value.period = unlike_year.reporting_year
    where indicator_value.theme = 'insights' and indicator_value.statistic in ('percentage', 'per_100')
),

-- The years before each, nearest first, with the year they are: a gap must not pass for a neighbour, nor a year in
-- which other services asked. A year that is not over is set beside none: its forms are not all there.
years_lagged as (
    select
        *,
        {% for years_ago in [1, 2, 3, 4] %}
        lag(period, {{ years_ago }}) over in_order as period_{{ years_ago }},
        bool_or(is_unlike_year_before) over (
            partition by {{ series | join(', ') }}
            order by period
            rows between {{ years_ago - 1 }} preceding and current row
        ) as is_unlike_{{ years_ago }},
        {% for column in before if years_ago == 1 or column in ['numerator', 'denominator', 'value'] %}
        lag({{ column }}, {{ years_ago }}) over in_order as lagged_{{ column }}_{{ years_ago }},
        {% endfor %}
        {% endfor %}
        lag(period_label) over in_order as lagged_period_label
    from proportion
    window in_order as (partition by {{ series | join(', ') }} order by period)
),

years_in_order as (
    select
        *,
        {% for years_ago in [1, 2, 3, 4] %}
        {% for column in before if years_ago == 1 or column in ['numerator', 'denominator', 'value'] %}
        case
            when period_{{ years_ago }} = period - {{ years_ago }} and not is_unlike_{{ years_ago }}
                and is_provisional is not true
                then lagged_{{ column }}_{{ years_ago }}
        end as {{ column }}_{{ years_ago }},
        {% endfor %}
        {% endfor %}
        case
            when period_1 = period - 1 and not is_unlike_1 and is_provisional is not true then lagged_period_label
        end as period_label_1
    from years_lagged
),

changes as (
    select
        *,
        value - value_1 as change,
        {{ difference_lower('value', 'lower_95', 'value_1', 'upper_95_1') }} as change_lower_95,
        {{ difference_upper('value', 'upper_95', 'value_1', 'lower_95_1') }} as change_upper_95,
        {{ chi_square_of_difference('numerator', 'denominator', 'numerator_1', 'denominator_1') }} as change_chi_square,
        {{ chi_square_for_trend(
            ['numerator_4', 'numerator_3', 'numerator_2', 'numerator_1', 'numerator'],
            ['denominator_4', 'denominator_3', 'denominator_2', 'denominator_1', 'denominator']
        ) }} as trend_chi_square,
        case
            when value_4 is not null and value_3 is not null and value_2 is not null and value_1 is not null
                then {{ leave_one_out_direction(['value_4', 'value_3', 'value_2', 'value_1', 'value']) }}
        end as trend_direction
    from years_in_order
),

changes_with_trend as (
    select
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
        column_order,
        column_label,
        statistic,
        unit,
        numerator,
        denominator,
        value,
        period_label_1 as previous_period_label,
        numerator_1 as previous_numerator,
        denominator_1 as previous_denominator,
        value_1 as previous_value,
        change,
        change_lower_95,
        change_upper_95,
        {{ p_of_chi_square('change_chi_square') }} as change_p_value,
        {{ change_mark('change_lower_95', 'change_upper_95') }} as change_mark,
        trend_chi_square,
        cast(trend_direction as integer) as trend_direction,
        {{ recent_trend('trend_chi_square', 'trend_direction', "'none'") }} as recent_trend
    from changes
)

select * from changes_with_trend
{%- endmacro %}


{# Every proportion of a service against all other services together. `values` has the columns of indicator_value. #}
{% macro service_comparisons(values) -%}
with

proportion as (
    -- Of printed counts one may exceed its n, by rounding, and the sum of all the others.
    select * replace ({{ at_most('numerator', 'denominator') }} as numerator)
    from {{ values }}
    where
        theme = 'insights'
        and statistic in ('percentage', 'per_100')
        and breakdown = 'total'
        -- Who does not ask is compared with nobody, and is not among the others.
        and not coalesce(services > 0 and services_asking = 0, false)
),

service as (
    select * from proportion
    where geography_level = 'service'
),

everybody as (
    select * from proportion
    where geography_level = 'all_services'
),

-- Every form belongs to one service, so the others are what is left of all.
counted_others as (
    select
        service.indicator_id,
        service.period,
        service.period_label,
        service.geography_code as service_code,
        service.point,
        service.row_order,
        service.row_label,
        service.column_order,
        service.column_label,
        service.statistic,
        service.unit,
        service.numerator,
        service.denominator,
        service.value,
        service.lower_95,
        service.upper_95,
        case
            when everybody.denominator < service.denominator then 0
            else everybody.denominator - service.denominator
        end as others_denominator,
        case
            when everybody.numerator < service.numerator then 0
            else {{ at_most('(everybody.numerator - service.numerator)', 'others_denominator') }}
        end as others_numerator
    from service
    inner join everybody
        on
            service.indicator_id = everybody.indicator_id
            and service.period = everybody.period
            and service.point = everybody.point
            and service.row_order = everybody.row_order
            and service.column_order = everybody.column_order
),

others_with_interval as (
    select
        *,
        case when others_denominator > 0 then 100.0 * others_numerator / others_denominator end as others_value,
        {{ wilson_lower('others_numerator', 'others_denominator') }} as others_lower_95,
        {{ wilson_upper('others_numerator', 'others_denominator') }} as others_upper_95
    from counted_others
),

differences as (
    select
        *,
        value - others_value as difference,
        {{ difference_lower('value', 'lower_95', 'others_value', 'others_upper_95') }} as difference_lower_95,
        {{ difference_upper('value', 'upper_95', 'others_value', 'others_lower_95') }} as difference_upper_95,
        {{ chi_square_of_difference('numerator', 'denominator', 'others_numerator', 'others_denominator') }}
            as difference_chi_square
    from others_with_interval
),

comparisons as (
    select
        indicator_id,
        period,
        period_label,
        service_code,
        point,
        row_order,
        row_label,
        column_order,
        column_label,
        statistic,
        unit,
        numerator,
        denominator,
        value,
        others_numerator,
        others_denominator,
        others_value,
        others_lower_95,
        others_upper_95,
        difference,
        difference_lower_95,
        difference_upper_95,
        {{ p_of_chi_square('difference_chi_square') }} as difference_p_value,
        {{ comparison_word('difference_lower_95', 'difference_upper_95') }} as comparison
    from differences
)

select * from comparisons
{%- endmacro %}


{# Every yearly figure of the returns against the year before, and its trend. `values` has the columns of
   int_returns_value; the others are the seeds social_care_measure, social_care_indicator and social_care_indicator_line. #}
{% macro indicator_trends(values, measures, indicators, lines) -%}
{#- Only shares are tested, of a flow whose base counts every child, adult or assessment once in a year. -#}
{%- set tested = measures_counted_once(social_care_measures(
    none, measures=measures, lines=lines
)) -%}
{%- set in_order = 'partition by indicator_id, la_code, breakdown, breakdown_value, line_order order by period' -%}
with

yearly_figures as (
    select
        -- Of printed counts one may exceed its n, by rounding.
        value.* replace (
            case when value.statistic = 'percentage' then {{ at_most('value.numerator', 'value.denominator') }} else value.numerator end
                as numerator
        ),
        indicator.polarity,
        line.statistic = 'percentage'
        and line.time_kind = 'flow'
        and coalesce(
            line.denominator_measure in (
                {%- for measure_id in (tested or ['']) | unique %}
                '{{ measure_id }}'{{ ',' if not loop.last }}
                {%- endfor %}
            ), false
        ) as is_tested
    from {{ values }} as value
    inner join {{ indicators }} as indicator on value.indicator_id = indicator.indicator_id
    inner join {{ lines }} as line
        on value.indicator_id = line.indicator_id and value.line_order = line.line_order
    where value.is_year
),

-- The five years up to each, oldest first; a year that is not there leaves its place empty, so a gap ends a series.
figures_in_order as (
    select
        *,
        {% for years_ago in [4, 3, 2, 1] %}
        {% for column in ['numerator', 'denominator', 'value'] %}
        case
            when lag(period, {{ years_ago }}) over ({{ in_order }}) = period - {{ years_ago }}
                then lag({{ column }}, {{ years_ago }}) over ({{ in_order }})
        end as {{ column }}_{{ years_ago }},
        {% endfor %}
        {% endfor %}
        case when lag(period) over ({{ in_order }}) = period - 1 then lag(lower_95) over ({{ in_order }}) end
            as previous_lower_95,
        case when lag(period) over ({{ in_order }}) = period - 1 then lag(upper_95) over ({{ in_order }}) end
            as previous_upper_95,
        -- Seven years without a gap, each with a value.
        case
            when
                lag(period, 6) over ({{ in_order }}) = period - 6
                then count(value) over ({{ in_order }} rows between 6 preceding and current row)
        end as seven,
        count(value) over ({{ in_order }} rows between unbounded preceding and current row) as years,
        regr_r2(value, period) over ({{ in_order }} rows between unbounded preceding and current row) as raw_r_squared,
        regr_slope(value, period) over ({{ in_order }} rows between unbounded preceding and current row) as slope,
        regr_r2(value, period) over ({{ in_order }} rows between 6 preceding and current row) as raw_r_squared_7,
        regr_slope(value, period) over ({{ in_order }} rows between 6 preceding and current row) as slope_7
    from yearly_figures
),

tested_figures as (
    select
        *,
        case
            when is_tested
                then {{ chi_square_for_trend(
                    ['numerator_4', 'numerator_3', 'numerator_2', 'numerator_1', 'numerator'],
                    ['denominator_4', 'denominator_3', 'denominator_2', 'denominator_1', 'denominator']
                ) }}
        end as chi_square,
        -- Where everybody counts, or nobody, in all five years there is nothing to test.
        coalesce(
            value_4 in (0, 100) and value_4 = value_3 and value_3 = value_2 and value_2 = value_1 and value_1 = value,
            false
        ) as is_everybody,
        case
            when value_4 is not null and value_3 is not null and value_2 is not null and value_1 is not null
                then {{ leave_one_out_direction(['value_4', 'value_3', 'value_2', 'value_1', 'value']) }}
        end as direction,
        value - value_1 as change,
        {{ difference_lower('value', 'lower_95', 'value_1', 'previous_upper_95') }} as change_lower_95,
        {{ difference_upper('value', 'upper_95', 'value_1', 'previous_lower_95') }} as change_upper_95,
        -- A line through two points fits whatever they are. Fixed to decimals: the sums behind it depend on the order
        -- in which the engine adds.
        case
            when years >= 3 and isfinite(raw_r_squared) then cast(cast(raw_r_squared as decimal(18, 9)) as double)
        end as r_squared,
        case
            when seven = 7 and isfinite(raw_r_squared_7) then cast(cast(raw_r_squared_7 as decimal(18, 9)) as double)
        end as r_squared_7_years
    from figures_in_order
),

trends as (
    select
        indicator_id,
        la_code,
        breakdown,
        breakdown_value,
        line_order as row_order,
        period,
        period_label,
        statistic,
        value,
        value_1 as previous_value,
        change,
        change_lower_95,
        change_upper_95,
        case
            when value is null then 'not available'
            when change is null then 'no year before'
            when change_lower_95 is null then 'not tested'
            when change_lower_95 > 0 then 'increase'
            when change_upper_95 < 0 then 'decrease'
            else 'no significant change'
        end as change_word,
        chi_square,
        direction,
        case
            when not is_tested or is_everybody then 'not tested'
            else {{ recent_trend('chi_square', 'direction', 'polarity') }}
        end as recent_trend,
        years,
        r_squared,
        {{ r_squared_words('r_squared', 'slope') }} as r_squared_words,
        r_squared_7_years,
        {{ r_squared_words('r_squared_7_years', 'slope_7') }} as r_squared_7_years_words
    from tested_figures
)

select * from trends
{%- endmacro %}
