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

base as (
    select
        table_id,
        {{ joined_text('population_label', '; ', 'first_row, population_label') }} as n_counts
    from counted_population
    group by table_id
),

size_of_table as (
    select
        table_id,
        count(*) as cells
    from cell
    group by table_id
),

described as (
    select
        report_table.table_id as indicator_id,
        report_table.table_order as indicator_order,
        report_table.section,
        report_table.subsection,
        report_table.title,
        report_table.response_type,
        report_table.has_breakdowns,
        base.n_counts,
        coalesce(size_of_table.cells, 0) as cells
    from report_table
    left join base on report_table.table_id = base.table_id
    left join size_of_table on report_table.table_id = size_of_table.table_id
)

select * from described
