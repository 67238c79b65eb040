with

questions as (
    select * from {{ ref('question') }}
),

sections as (
    select * from {{ ref('section') }}
),

questions_not_asked as (
    select distinct question_no from {{ ref('int_question_not_asked') }}
),

described_questions as (
    select
        -- ids
        questions.question_no,
        questions.question_id,
        questions.form_id,
        questions.section_id,
        questions.question_order,

        -- text
        sections.section_label,
        questions.question_label,
        questions.matrix_label,

        -- how it is answered
        questions.answer_type,
        questions.option_set,
        questions.unit,
        questions.parent_question_id,
        questions.parent_option_codes,
        questions.derivation,

        -- booleans
        questions.is_required,
        questions.storage != 'never' as is_stored,
        questions_not_asked.question_no is null as is_asked_everywhere
    from questions
    inner join sections
        on questions.section_id = sections.section_id
    left join questions_not_asked
        on questions.question_no = questions_not_asked.question_no
)

select * from described_questions
