with

programme as (
    select {{ rounding_base('disclosure_threshold') }} as rounded_to from {{ ref('programme') }}
),

public_figure as (
    select * from {{ source('ops', 'public_figure') }}
),

published_comparison as (
    select
        *,
        'service' as geography_level
    from {{ ref('int_published_comparison') }}
),

forms as (
    select
        figure.*,
        change.change,
        change.change_lower_95,
        change.change_upper_95,
        change.change_p_value,
        nullif(change.change_mark, 'not compared') as change_mark,
        {% for column in [
            'others_value', 'difference', 'difference_lower_95', 'difference_upper_95', 'comparison'
        ] %}
        case when figure.status = 'ok' then comparison.{{ column }} end as {{ column }},
        {% endfor %}
        change.recent_trend
    from {{ ref('int_published_forms') }} as figure
    left join {{ ref('int_published_change') }} as change
        on
            figure.indicator_id = change.indicator_id
            and figure.period = change.period
            and figure.geography_level = change.geography_level
            and figure.geography_code = change.geography_code
            and figure.breakdown = change.breakdown
            and figure.point = change.point
            and figure.row_order = change.row_order
            and figure.column_order = change.column_order
    left join published_comparison as comparison
        on
            figure.geography_level = comparison.geography_level
            and figure.geography_code = comparison.service_code
            and figure.indicator_id = comparison.indicator_id
            and figure.period = comparison.period
            and figure.point = comparison.point
            and figure.row_order = comparison.row_order
            and figure.column_order = comparison.column_order
    where figure.is_new
),

returns as (
    select
        'social_care' as theme,
        figure.indicator_id,
        figure.period,
        figure.period_label,
        'authority' as geography_level,
        figure.la_code as geography_code,
        figure.breakdown,
        figure.breakdown_value,
        '' as point,
        figure.line_order as row_order,
        social_care_indicator.title as row_label,
        1 as column_order,
        '' as column_label,
        figure.statistic,
        figure.numerator,
        figure.denominator,
        figure.value,
        figure.value_rounded,
        figure.unit,
        figure.lower_95,
        figure.upper_95,
        figure.status,
        figure.status_reason,
        true as is_published,
        trend.change,
        trend.change_lower_95,
        trend.change_upper_95,
        case trend.change_word
            when 'no significant change' then 'no clear change'
            when 'increase' then 'increase'
            when 'decrease' then 'decrease'
        end as change_mark,
        trend.recent_trend
    from {{ ref('int_published_returns') }} as figure
    inner join {{ ref('social_care_indicator') }} as social_care_indicator
        on figure.indicator_id = social_care_indicator.indicator_id
    left join {{ ref('int_published_trend') }} as trend
        on
            figure.la_code = trend.la_code
            and figure.indicator_id = trend.indicator_id
            and figure.breakdown = trend.breakdown
            and figure.breakdown_value = trend.breakdown_value
            and figure.line_order = trend.row_order
            and figure.period_label = trend.period_label
    where figure.is_new
),

-- What others have published, and what is made of that alone, is printed as it is: the register knows nothing of it.
of_others as (
    select * exclude (is_provisional)
    from {{ ref('reportable_value') }}
    where source = 'indicator_value' and theme = 'social_care' and statistic in ('model', 'comparator')
),

own_figures as (
    {{ union_by_name(['forms', 'returns']) }}
),

new_figures as (
    select
        own_figures.*,
        'indicator_value' as source,
        'rounding' as method,
        programme.rounded_to
    from own_figures
    cross join programme
),

figures_of_others as (
    select
        *,
        'others' as method
    from of_others
),

-- A year that is public stays as it was printed, whatever is corrected or erased since.
all_figures as (
    {{ union_by_name(['new_figures', 'figures_of_others', 'public_figure']) }}
)

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
    numerator,
    denominator,
    value,
    value_rounded,
    unit,
    lower_95,
    upper_95,
    status,
    status_reason,
    population_id,
    -- With the n it would give the whole cohort, of which others are told.
    cast(null as bigint) as not_asked,
    cast(null as bigint) as outside_bands,
    cast(services as integer) as services,
    cast(services_asking as integer) as services_asking,
    is_published,
    change,
    change_lower_95,
    change_upper_95,
    change_p_value,
    change_mark,
    others_value,
    difference,
    difference_lower_95,
    difference_upper_95,
    comparison,
    recent_trend,
    method,
    cast(rounded_to as integer) as rounded_to
from all_figures
