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
    from {{ ref('int_report_cell') }}
),

unlike_year as (
    select
        *,
        'all_services' as geography_level
    from {{ ref('int_unlike_year') }}
),

-- A service is compared with itself, and has no value in a year in which it did not ask.
proportion as (
    select
        indicator_value.*,
        unlike_year.reporting_year is not null as is_unlike_year_before
    from {{ ref('indicator_value') }} as indicator_value
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
