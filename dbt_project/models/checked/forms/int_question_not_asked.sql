with recursive

absent_question as (
    select * from {{ source('ops', 'absent_question') }}
),

said_not_asked as (
    select * from {{ ref('not_asked') }}
),

question as (
    select * from {{ ref('question') }}
),

-- Where every column of a file was understood, what it has no column for was not asked. Else only where the programme
-- says so: a column that was not understood may hold the question.
own_rule as (
    select
        load_id,
        question_id,
        cast(null as varchar) as form_version,
        cast(null as varchar) as service_code,
        cast(null as date) as first_day,
        cast(null as date) as last_day
    from absent_question
    where unknown_columns = 0
    union distinct
    select
        absent_question.load_id,
        absent_question.question_id,
        lower(trim(said_not_asked.form_version)) as form_version,
        said_not_asked.service_code,
        said_not_asked.first_day,
        said_not_asked.last_day
    from absent_question
    inner join said_not_asked
        on
            absent_question.form_id = said_not_asked.form_id
            and absent_question.question_id = said_not_asked.question_id
    where absent_question.unknown_columns > 0
),

-- What a question needs: the one whose answer opens it, and all that it is derived from.
need as (
    select
        parent_question_id as needed_question_id,
        question_id
    from question
    where parent_question_id is not null
    union distinct
    select
        needed.question_id as needed_question_id,
        derived.question_id
    from question as derived
    inner join question as needed
        on
            derived.form_id = needed.form_id
            and {{ in_code_list("replace(derived.derived_from, '=', ';')", 'needed.question_id') }}
    where derived.derivation is not null
),

rule as (
    select * from own_rule
    union distinct
    select
        rule.load_id,
        need.question_id,
        rule.form_version,
        rule.service_code,
        rule.first_day,
        rule.last_day
    from rule
    inner join need on rule.question_id = need.needed_question_id
),

counted_rule as (
    select
        rule.load_id,
        question.form_id,
        question.question_no,
        rule.question_id,
        rule.form_version,
        rule.service_code,
        rule.first_day,
        rule.last_day
    from rule
    inner join question on rule.question_id = question.question_id
    where question.answer_type in ('single', 'matrix', 'tick_all', 'number')
)

select * from counted_rule
