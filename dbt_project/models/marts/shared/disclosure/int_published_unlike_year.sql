with

figure as (
    select * from {{ ref('int_published_forms') }}
    where geography_level = 'service' and population_id is not null
),

cell as (
    select * from {{ ref('int_report_cell') }}
),

asked as (
    select distinct
        figure.population_id,
        coalesce(cell.question_no, 0) as question_no,
        figure.period,
        figure.geography_code,
        figure.services_asking
    from figure
    inner join cell
        on
            figure.indicator_id = cell.table_id
            and figure.point = cell.point
            and figure.row_order = cell.row_order
            and figure.column_order = cell.column_order
),

unlike_years as (
    select distinct
        this_year.population_id,
        this_year.question_no,
        'total' as breakdown,
        this_year.period as reporting_year
    from asked as this_year
    inner join asked as year_before
        on
            this_year.population_id = year_before.population_id
            and this_year.question_no = year_before.question_no
            and this_year.geography_code = year_before.geography_code
            and this_year.period - 1 = year_before.period
    where this_year.services_asking <> year_before.services_asking
)

select * from unlike_years
