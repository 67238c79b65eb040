with

report_row as (
    select * from {{ ref('report_row') }}
),

report_table as (
    select * from {{ ref('report_table') }}
),

column_set as (
    select * from {{ ref('column_set') }}
),

population as (
    select * from {{ ref('population') }}
),

cohort as (
    select * from {{ ref('cohort') }}
),

question as (
    select * from {{ ref('question') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

-- A row of a matrix names a set of columns instead of answers; each column is a cell with answers of its own.
expanded_rows as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 1) as column_order,
        report_row.row_label,
        report_row.parent_row_order,
        coalesce(column_set.column_label, report_row.column_label, '') as column_label,
        report_row.column_set,
        report_row.population_id,
        report_row.question_id,
        coalesce(column_set.option_codes, report_row.option_codes) as option_codes,
        report_row.option_group,
        report_row.statistic,
        report_row.unit,
        report_row.decimals,
        report_row.is_published
    from report_row
    left join column_set on report_row.column_set = column_set.column_set
),

-- The catalogue leaves a label blank where it is the question's (rows of a matrix), the group's or the option's own.
labelled_cells as (
    select
        expanded_rows.*,
        coalesce(
            expanded_rows.row_label,
            case when expanded_rows.column_set is not null then question.question_label end,
            expanded_rows.option_group,
            answer.answer_label,
            question.question_label
        ) as shown_label
    from expanded_rows
    left join question on expanded_rows.question_id = question.question_id
    left join answer
        on expanded_rows.question_id = answer.question_id and expanded_rows.option_codes = answer.option_code
),

parents as (
    select
        table_id,
        point,
        row_order,
        min(shown_label) as parent_label
    from labelled_cells
    group by table_id, point, row_order
),

cell as (
    select
        labelled_cells.table_id
        || '/' || labelled_cells.point
        || '/' || labelled_cells.row_order
        || '/' || labelled_cells.column_label as cell_id,
        labelled_cells.table_id,
        report_table.table_order,
        labelled_cells.point,
        labelled_cells.row_order,
        labelled_cells.column_order,
        labelled_cells.shown_label as row_label,
        parents.parent_label,
        labelled_cells.column_label,
        labelled_cells.population_id,
        population.cohort_id,
        -- A question of another form than the one counted is read from the matched form.
        case
            when question.form_id is null or question.form_id = cohort.form_id then cohort.form_id
            else cohort.form_id || '_' || question.form_id
        end as dataset,
        labelled_cells.question_id,
        question.question_no,
        labelled_cells.option_codes,
        labelled_cells.option_group,
        labelled_cells.statistic,
        labelled_cells.unit,
        question.unit as question_unit,
        coalesce(question.answer_type = 'number', false) as is_about_number,
        labelled_cells.decimals,
        labelled_cells.is_published,
        report_table.has_breakdowns
    from labelled_cells
    inner join report_table on labelled_cells.table_id = report_table.table_id
    left join population on labelled_cells.population_id = population.population_id
    left join cohort on population.cohort_id = cohort.cohort_id
    left join question on labelled_cells.question_id = question.question_id
    left join parents
        on
            labelled_cells.table_id = parents.table_id
            and labelled_cells.point = parents.point
            and labelled_cells.parent_row_order = parents.row_order
)

select * from cell
