with

cell as (
    select * from {{ ref('int_report_cell') }}
),

report_table as (
    select * from {{ ref('report_table') }}
),

question as (
    select * from {{ ref('question') }}
),

-- A table that sets intake and exit side by side names both questions, one in the row of each point.
paired_questions as (
    select
        later.question_id as outcome_id,
        earlier.table_id as indicator_id,
        report_table.table_order,
        report_table.title,
        report_table.subsection,
        earlier.row_order,
        earlier.row_label,
        earlier.question_id as intake_question_id,
        later.question_id as exit_question_id,
        count(*) over (partition by earlier.table_id) as questions_in_table
    from cell as earlier
    inner join cell as later
        on
            earlier.table_id = later.table_id
            and earlier.row_order = later.row_order
            and earlier.column_order = later.column_order
    inner join report_table on earlier.table_id = report_table.table_id
    where
        report_table.response_type = 'paired'
        and earlier.point = 'intake'
        and later.point = 'exit'
        and earlier.option_codes = 'yes'
        and later.option_codes = 'yes'
),

outcomes as (
    select
        cast(row_number() over (order by paired_questions.table_order, paired_questions.row_order) as integer)
            as outcome_order,
        paired_questions.outcome_id,
        paired_questions.indicator_id,
        -- A table about one question carries its name as the title, one about several in its rows.
        case
            when paired_questions.questions_in_table = 1 then paired_questions.title else paired_questions.row_label
        end as outcome_label,
        paired_questions.subsection as outcome_group,
        paired_questions.intake_question_id,
        paired_questions.exit_question_id,
        intake_question.parent_question_id is not null as is_gated_at_intake,
        exit_question.parent_question_id is not null as is_gated_at_exit
    from paired_questions
    inner join question as intake_question on paired_questions.intake_question_id = intake_question.question_id
    inner join question as exit_question on paired_questions.exit_question_id = exit_question.question_id
)

select * from outcomes
