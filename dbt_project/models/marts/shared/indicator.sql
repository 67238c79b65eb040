with

report_table as (
    select * from {{ ref('report_table') }}
),

cell as (
    select * from {{ ref('int_report_cell') }}
),

population as (
    select * from {{ ref('population') }}
),

counted_population as (
    select
        cell.table_id,
        population.population_label,
        min(cell.row_order) as first_row
    from cell
    inner join population on cell.population_id = population.population_id
    group by cell.table_id, population.population_label
),

bases as (
    select
        table_id,
        {{ joined_text('population_label', '; ', 'first_row, population_label') }} as n_counts
    from counted_population
    group by table_id
),

table_sizes as (
    select
        table_id,
        count(*) as cells
    from cell
    group by table_id
),

report_tables as (
    select
        'insights' as theme,
        report_table.table_id as indicator_id,
        report_table.table_order as indicator_order,
        report_table.section,
        report_table.subsection,
        report_table.title,
        report_table.response_type,
        report_table.has_breakdowns,
        bases.n_counts,
        coalesce(table_sizes.cells, 0) as cells,
        cast(null as varchar) as unit,
        cast(null as varchar) as numerator,
        cast(null as varchar) as record_source,
        cast(null as varchar) as time_basis,
        cast(null as varchar) as polarity,
        cast(null as varchar) as computable,
        cast(null as varchar) as why
    from report_table
    left join bases on report_table.table_id = bases.table_id
    left join table_sizes on report_table.table_id = table_sizes.table_id
),

lines as (
    select
        indicator_id,
        bool_or(breakdown <> 'total') as has_breakdowns,
        count(*) as cells
    from {{ ref('social_care_indicator_line') }}
    group by indicator_id
),

indicators_of_returns as (
    select
        'social_care' as theme,
        indicator.indicator_id,
        -- After the tables of the report.
        1000 + indicator.indicator_order as indicator_order,
        indicator.topic as section,
        cast(null as varchar) as subsection,
        indicator.title,
        'statistic' as response_type,
        coalesce(lines.has_breakdowns, false) as has_breakdowns,
        indicator.denominator as n_counts,
        coalesce(lines.cells, 0) as cells,
        indicator.unit,
        indicator.numerator,
        indicator.record_source,
        indicator.time_basis,
        indicator.polarity,
        indicator.computable,
        indicator.why
    from {{ ref('social_care_indicator') }} as indicator
    left join lines on indicator.indicator_id = lines.indicator_id
),

indicators as (
    select * from report_tables
    union all
    select * from indicators_of_returns
)

select * from indicators
