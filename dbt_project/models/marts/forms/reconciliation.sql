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

correction as (
    select * from {{ ref('published_correction') }}
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
compared_numbers as (
    select
        *,
        is_lost or cell_statistic is null or cell_statistic = 'external' as is_not_computable,
        (coalesce(published_count, computed_count) is not distinct from computed_count) as is_count_equal,
        (coalesce(published_percent, computed_percent) is not distinct from computed_percent) as is_percent_equal,
        (coalesce(published_value, computed_value) is not distinct from computed_value) as is_value_equal,
        -- Averages and infographics print an n that is not the number of forms behind them.
        (
            published_n is null
            or statistic is not null
            or response_type = 'statistic'
            or published_n is not distinct from computed_n
        ) as is_n_equal
    from compared_figures
),

checked_figures as (
    select
        *,
        (is_count_equal and is_percent_equal and is_value_equal and is_n_equal) as is_equal
    from compared_numbers
),

-- What should stand there, as other printed figures have it: where a correction has numbers of its own they take the
-- place of the printed ones; where it has none, those that are printed hold over its bases. Of several rows only the
-- sum of their counts is known.
corrected_figures as (
    select
        checked_figures.*,
        correction.correction_no,
        correction.anomaly_id,
        correction.follows_from,
        correction.n as corrected_n,
        correction.count_from,
        correction.count_to,
        correction.percent as corrected_percent,
        correction.value as corrected_value,
        coalesce(correction.count_from, correction.percent, correction.value) is not null as has_own_numbers,
        -- A range, or the sum of several rows, bounds a figure and does not give it.
        correction.count_from is not null
        and (
            correction.count_from <> correction.count_to
            or count(*) over (partition by correction.correction_no) > 1
        ) as is_bound,
        sum(checked_figures.computed_count) over (partition by correction.correction_no) as counts_together,
        {{ round_half_up_ratio(
            '(100 * checked_figures.computed_count)',
            'coalesce(correction.percent_of, checked_figures.computed_n)'
        ) }} as percent_on_its_base
    from checked_figures
    inner join correction
        on
            checked_figures.table_id = correction.table_id
            and checked_figures.year = correction.year
            and (correction.point is null or checked_figures.point = correction.point)
            and (
                correction.row_order is null
                or {{ in_code_list('correction.row_order', 'checked_figures.row_order') }}
            )
            and (correction.column_label is null or checked_figures.column_label = correction.column_label)
),

met_corrections as (
    select
        corrected_figures.*,
        anomaly.kind,
        anomaly.explanation,
        row_number() over (
            partition by
                corrected_figures.table_id,
                corrected_figures.year,
                corrected_figures.point,
                corrected_figures.row_order,
                corrected_figures.column_label
            order by corrected_figures.is_bound, corrected_figures.correction_no
        ) as preference
    from corrected_figures
    inner join anomaly on corrected_figures.anomaly_id = anomaly.anomaly_id
    where
        not corrected_figures.is_equal
        and not corrected_figures.is_not_computable
        and case
            when corrected_figures.corrected_n is null then corrected_figures.is_n_equal
            else corrected_figures.corrected_n is not distinct from corrected_figures.computed_n
        end
        and case
            when corrected_figures.has_own_numbers
                then
                    (
                        corrected_figures.count_from is null
                        or corrected_figures.counts_together
                        between corrected_figures.count_from and corrected_figures.count_to
                    )
                    and (
                        corrected_figures.corrected_percent is null
                        or corrected_figures.corrected_percent = corrected_figures.percent_on_its_base
                    )
                    and (
                        corrected_figures.corrected_value is null
                        or corrected_figures.corrected_value = corrected_figures.computed_value
                    )
            else
                corrected_figures.is_count_equal
                and corrected_figures.is_value_equal
                and (
                    corrected_figures.published_percent is null
                    or corrected_figures.published_percent = corrected_figures.percent_on_its_base
                )
        end
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
            when met_corrections.is_bound then 'bounded'
            when met_corrections.correction_no is not null then 'explained'
            else 'unexplained'
        end as status,
        met_corrections.anomaly_id,
        met_corrections.kind as anomaly_kind,
        met_corrections.explanation,
        met_corrections.follows_from
    from checked_figures
    left join met_corrections
        on
            checked_figures.table_id = met_corrections.table_id
            and checked_figures.year = met_corrections.year
            and checked_figures.point = met_corrections.point
            and checked_figures.row_order = met_corrections.row_order
            and checked_figures.column_label = met_corrections.column_label
            and met_corrections.preference = 1
)

select * from judged_figures
