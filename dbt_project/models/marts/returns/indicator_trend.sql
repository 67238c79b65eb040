{#- Only shares are tested, of a flow whose base counts every child, adult or assessment once in a year. -#}
{%- set tested = measures_counted_once(social_care_measures(
    none, measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')
)) -%}
{%- set in_order = 'partition by indicator_id, la_code, breakdown, breakdown_value, line_order order by period' -%}
with

yearly_figures as (
    select
        value.*,
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
    from {{ ref('int_returns_value') }} as value
    inner join {{ ref('social_care_indicator') }} as indicator on value.indicator_id = indicator.indicator_id
    inner join {{ ref('social_care_indicator_line') }} as line
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
