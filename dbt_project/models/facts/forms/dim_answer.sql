with

questions as (
    select * from {{ ref('question') }}
),

options as (
    select * from {{ ref('option') }}
),

counted_questions as (
    select
        question_no,
        question_id,
        form_id,
        option_set
    from questions
    where answer_type in ('single', 'matrix', 'tick_all', 'number')
),

options_offered as (
    select
        counted_questions.question_no,
        counted_questions.question_id,
        options.option_no,
        options.option_code,
        options.option_label as answer_label,
        options.option_group,
        options.option_kind,
        counted_questions.form_id
    from counted_questions
    inner join options
        on counted_questions.option_set = options.option_set
),

missing_options as (
    select
        question_no,
        question_id,
        99 as option_no,
        'missing' as option_code,
        'Missing' as answer_label,
        null::varchar as option_group,
        'missing' as option_kind,
        form_id
    from counted_questions
),

not_asked_options as (
    select
        question_no,
        question_id,
        98 as option_no,
        'not_asked' as option_code,
        'Not asked' as answer_label,
        null::varchar as option_group,
        'not_asked' as option_kind,
        form_id
    from counted_questions
),

all_answers as (
    select * from options_offered
    union all
    select * from missing_options
    union all
    select * from not_asked_options
),

numbered_answers as (
    select
        *,
        question_no * 100 + option_no as answer_id
    from all_answers
)

select * from numbered_answers
