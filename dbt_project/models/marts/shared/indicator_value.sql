with

reporting_year as (
    select * from {{ ref('reporting_year') }}
),

social_care_indicator as (
    select * from {{ ref('social_care_indicator') }}
),

forms as (
    select
        'insights' as theme,
        figure.*,
        reporting_year.short_label as period_label,
        reporting_year.starts_on as period_start,
        reporting_year.ends_on as period_end,
        reporting_year.is_provisional
    from {{ ref('int_forms_value') }} as figure
    inner join reporting_year on figure.period = reporting_year.reporting_year
),

counted_figures as (
    select
        *,
        'authority' as geography_level,
        la_code as geography_code,
        line_order as row_order
    from {{ ref('int_returns_value') }}
),

modelled_figures as (
    select
        *,
        'authority' as geography_level,
        la_code as geography_code,
        1 as row_order,
        'model' as statistic,
        'ok' as status,
        cast(null as varchar) as status_reason
    from {{ ref('int_returns_model') }}
),

comparator_figures as (
    select
        *,
        value as value_rounded,
        1 as row_order,
        'comparator' as statistic,
        'ok' as status
    from {{ ref('int_returns_comparator') }}
),

figures_of_returns as (
    {{ union_by_name(['counted_figures', 'modelled_figures', 'comparator_figures']) }}
),

returns as (
    select
        'social_care' as theme,
        figure.*,
        '' as point,
        social_care_indicator.title as row_label,
        1 as column_order,
        '' as column_label,
        true as is_published,
        false as is_provisional
    from figures_of_returns as figure
    inner join social_care_indicator on figure.indicator_id = social_care_indicator.indicator_id
),

figures as (
    {{ union_by_name(['forms', 'returns']) }}
)

select
    theme,
    indicator_id,
    period,
    period_label,
    period_start,
    period_end,
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
    sum_of_values,
    value,
    value_rounded,
    unit,
    lower_95,
    upper_95,
    status,
    status_reason,
    population_id,
    not_asked,
    outside_bands,
    services,
    services_asking,
    is_published,
    is_provisional
from figures
