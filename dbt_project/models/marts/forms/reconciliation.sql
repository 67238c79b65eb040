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
compared as (
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
checked as (
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
    from compared
),

-- Three kinds of anomaly only say how a right figure is to be read: they excuse no difference.
error_kind as (
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
covering as (
    select
        checked.table_id,
        checked.year,
        checked.point,
        checked.row_order,
        checked.column_label,
        error_kind.anomaly_id,
        error_kind.kind,
        error_kind.explanation,
        row_number() over (
            partition by checked.table_id, checked.year, checked.point, checked.row_order, checked.column_label
            order by error_kind.named_scopes desc, error_kind.anomaly_id asc
        ) as preference
    from checked
    inner join error_kind
        on
            checked.table_id = error_kind.table_id
            and (error_kind.year is null or checked.year = error_kind.year)
            and (error_kind.point is null or {{ in_code_list('error_kind.point', 'checked.point') }})
            and (error_kind.row_order is null or {{ in_code_list('error_kind.row_order', 'checked.row_order') }})
            and (
                error_kind.column_label is null
                or {{ in_code_list('error_kind.column_label', 'checked.column_label') }}
            )
    where not checked.is_equal and not checked.is_not_computable
),

judged as (
    select
        checked.table_id,
        checked.year,
        checked.point,
        checked.row_order,
        checked.column_label,
        checked.row_label,
        checked.published_n,
        checked.published_count,
        checked.published_percent,
        checked.published_value,
        checked.computed_n,
        checked.computed_count,
        checked.computed_percent,
        checked.computed_value,
        case
            when checked.is_not_computable then 'not_computable'
            when checked.is_equal then 'match'
            when covering.anomaly_id is not null then 'explained'
            else 'unexplained'
        end as status,
        covering.anomaly_id,
        covering.kind as anomaly_kind,
        covering.explanation
    from checked
    left join covering
        on
            checked.table_id = covering.table_id
            and checked.year = covering.year
            and checked.point = covering.point
            and checked.row_order = covering.row_order
            and checked.column_label = covering.column_label
            and covering.preference = 1
)

select * from judged
