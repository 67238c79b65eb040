-- Every cell of the catalogue has a row for every reported year and every slice its table is given for.
with

expected as (
    select
        int_report_cell.table_id as indicator_id,
        count(*) as rows_expected
    from {{ ref('int_report_cell') }} as int_report_cell
    inner join {{ ref('int_indicator_slice') }} as int_indicator_slice
        on int_report_cell.has_breakdowns or int_indicator_slice.breakdown = 'total'
    cross join {{ ref('reporting_year') }} as reporting_year
    where reporting_year.is_reported
    group by int_report_cell.table_id
),

present as (
    select
        indicator_id,
        count(*) as rows_present
    from {{ ref('indicator_value') }}
    group by indicator_id
)

select
    expected.indicator_id,
    expected.rows_expected,
    present.rows_present
from expected
left join present on expected.indicator_id = present.indicator_id
where present.rows_present is null or expected.rows_expected <> present.rows_present
