-- table: marts.indicator_value
-- column: denominator
-- severity: blocking
-- says: All shares of one population have the same base within a period, geography and breakdown; of a question that
--     some were not asked, all of its own.
-- then: Nothing is published; the last release stays in place.

with

-- One row for each printed cell that is a share of a population; a row with a column set has a cell for each column.
cell as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 0) as column_order,
        report_row.population_id,
        coalesce(report_row.question_id, '') as question_id
    from reference.report_row as report_row
    left join reference.column_set as column_set on report_row.column_set = column_set.column_set
    where report_row.statistic = 'percentage' and report_row.population_id is not null
)

select
    concat_ws(
        '|', cell.population_id, value.period, value.geography_level, value.geography_code, value.breakdown,
        value.breakdown_value
    ) as key
from marts.indicator_value as value
inner join cell
    on
        value.indicator_id = cell.table_id
        and coalesce(value.point, '') = cell.point
        and value.row_order = cell.row_order
        and coalesce(value.column_order, 0) = cell.column_order
group by
    cell.population_id, value.period, value.geography_level, value.geography_code, value.breakdown,
    value.breakdown_value, case when value.not_asked > 0 then cell.question_id else '' end
having count(distinct value.denominator) > 1
