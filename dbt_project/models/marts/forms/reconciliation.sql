with

figure as (
    select
        table_id,
        year,
        coalesce(point, '') as point,
        row_order,
        coalesce(column_label, '') as column_label,
        row_label,
        published_n,
        published_count,
        published_percent,
        statistic,
        published_value,
        unit,
        is_lost
    from {{ ref('published_figure') }}
),

anomaly as (
    select * from {{ ref('published_anomaly') }}
),

report_table as (
    select * from {{ ref('report_table') }}
),

cell as (
    select * from {{ ref('indicator_cell') }}
),

indicator_value as (
    select * from {{ ref('indicator_value') }}
    where geography_level = 'all_services' and breakdown = 'total'
),

-- The figure, the cell that stands for it, and what the forms say there.
compared_figures as (
    select
        figure.*,
        report_table.response_type,
        cell.statistic as cell_statistic,
        indicator_value.denominator as computed_n,
        case
            when cell.statistic in ('percentage', 'per_100', 'count', 'services') then indicator_value.numerator
        end as computed_count,
        case when cell.statistic = 'percentage' then indicator_value.value_rounded end as computed_percent,
        -- The report gives one average in years for one year and in months for another.
        case
            when cell.statistic in ('mean', 'median', 'per_100')
                then {{ round_half_up(
                    in_unit('indicator_value.value', 'indicator_value.unit', 'figure.unit'), 'cell.decimals'
                ) }}
        end as computed_value
    from figure
    left join report_table on figure.table_id = report_table.table_id
    left join cell
        on
            figure.table_id = cell.indicator_id
            and figure.point = cell.point
            and figure.row_order = cell.row_order
            and figure.column_label = cell.column_label
    left join indicator_value
        on
            figure.table_id = indicator_value.indicator_id
            and figure.year = indicator_value.period
            and figure.point = indicator_value.point
            and figure.row_order = indicator_value.row_order
            and figure.column_label = indicator_value.column_label
),

-- A published number that is absent says nothing; one that is there must equal the computed one, and a null does not.
checked_figures as (
    select
        *,
        is_lost or cell_statistic is null or cell_statistic = 'external' as is_not_computable,
        (published_count is null or published_count is not distinct from computed_count)
        and (published_percent is null or published_percent is not distinct from computed_percent)
        and (published_value is null or published_value is not distinct from computed_value)
        -- Averages and infographics print an n that is not the number of forms behind them.
        and (
            published_n is null
            or statistic is not null
            or response_type = 'statistic'
            or published_n is not distinct from computed_n
        ) as is_equal
    from compared_figures
),

-- Three kinds of anomaly only say how a right figure is to be read: they excuse no difference.
errors as (
    select
        *,
        case when year is not null then 1 else 0 end
        + case when point is not null then 1 else 0 end
        + case when row_order is not null then 1 else 0 end
        + case when column_label is not null then 1 else 0 end as named_scopes
    from anomaly
    where kind not in ('missing_means_not_asked', 'residual_not_shown', 'not_a_subset')
),

-- Of several anomalies on one cell the one with the narrowest scope speaks, then the first by name.
anomalies_by_figure as (
    select
        checked_figures.table_id,
        checked_figures.year,
        checked_figures.point,
        checked_figures.row_order,
        checked_figures.column_label,
        errors.anomaly_id,
        errors.kind,
        errors.explanation,
        row_number() over (
            partition by
                checked_figures.table_id,
                checked_figures.year,
                checked_figures.point,
                checked_figures.row_order,
                checked_figures.column_label
            order by errors.named_scopes desc, errors.anomaly_id asc
        ) as preference
    from checked_figures
    inner join errors
        on
            checked_figures.table_id = errors.table_id
            and (errors.year is null or checked_figures.year = errors.year)
            and (errors.point is null or {{ in_code_list('errors.point', 'checked_figures.point') }})
            and (errors.row_order is null or {{ in_code_list('errors.row_order', 'checked_figures.row_order') }})
            and (
                errors.column_label is null
                or {{ in_code_list('errors.column_label', 'checked_figures.column_label') }}
            )
    where not checked_figures.is_equal and not checked_figures.is_not_computable
),

judged_figures as (
    select
        checked_figures.table_id,
        checked_figures.year,
        checked_figures.point,
        checked_figures.row_order,
        checked_figures.column_label,
        checked_figures.row_label,
        checked_figures.published_n,
        checked_figures.published_count,
        checked_figures.published_percent,
        checked_figures.published_value,
        checked_figures.computed_n,
        checked_figures.computed_count,
        checked_figures.computed_percent,
        checked_figures.computed_value,
        case
            when checked_figures.is_not_computable then 'not_computable'
            when checked_figures.is_equal then 'match'
            when anomalies_by_figure.anomaly_id is not null then 'explained'
            else 'unexplained'
        end as status,
        anomalies_by_figure.anomaly_id,
        anomalies_by_figure.kind as anomaly_kind,
        anomalies_by_figure.explanation
    from checked_figures
    left join anomalies_by_figure
        on
            checked_figures.table_id = anomalies_by_figure.table_id
            and checked_figures.year = anomalies_by_figure.year
            and checked_figures.point = anomalies_by_figure.point
            and checked_figures.row_order = anomalies_by_figure.row_order
            and checked_figures.column_label = anomalies_by_figure.column_label
            and anomalies_by_figure.preference = 1
)

select * from judged_figures
