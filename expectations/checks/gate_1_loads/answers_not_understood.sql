-- table: ops.load
-- severity: blocking
-- says: Of the answers to a question in a file, no larger share is not understood than the programme allows
--     (unknown_answer_share), where it is three forms or more. Where a yes is asked for, a blank says no.
-- then: Nothing is published. The keys above are the load and the question. Where the file writes the options
--     otherwise, word them in the programme's catalogue (wording.csv, or option.csv where the form offers more); where
--     it holds something else under that header, or something else than yes and no, ask the service. Where the answers
--     are to count as missing, accept it.
-- may be accepted: yes

-- Of a form without consent nothing is kept, but that its consent was not understood.
-- One stray word in a file of one form is all that was answered there; it must not stop everybody. Few questions of few
-- loads have three, so the answers of only those are looked at.
with

staged as (
    select
        landed_row_id,
        load_id,
        is_erased and coalesce(left_out, '') <> 'no_consent' as is_erased,
        answers
    from staging.stg_forms__intake
    union all
    select
        landed_row_id,
        load_id,
        is_erased and coalesce(left_out, '') <> 'no_consent' as is_erased,
        answers
    from staging.stg_forms__review
    union all
    select
        landed_row_id,
        load_id,
        is_erased and coalesce(left_out, '') <> 'no_consent' as is_erased,
        answers
    from staging.stg_forms__exit
),

unknown_answers as (
    select
        staged.load_id,
        problem.question_no,
        problem.question_id,
        count(distinct problem.landed_row_id) as forms
    from intermediate.int_form_problem as problem
    inner join staged on problem.landed_row_id = staged.landed_row_id
    where problem.problem in ('unknown_answer', 'unreadable_number')
    group by staged.load_id, problem.question_no, problem.question_id
    having count(distinct problem.landed_row_id) >= 3
),

given_answers as (
    select
        unknown_answers.load_id,
        unknown_answers.question_id,
        unknown_answers.forms as unknown_forms,
        -- Yes and no (consent, is_test) are not among the answers, and every form says one of them.
        case
            when question.answer_type = 'flag'
                then count(*) filter (where not staged.is_erased) - unknown_answers.forms
            else count(*) filter (
                where
                len(
                    list_filter(
                        staged.answers,
                        lambda answer: answer // 100 = unknown_answers.question_no and answer % 100 < 98
                    )
                ) > 0
            )
        end as given_forms
    from unknown_answers
    inner join staged on unknown_answers.load_id = staged.load_id
    inner join reference.question as question on unknown_answers.question_no = question.question_no
    group by
        unknown_answers.load_id,
        unknown_answers.question_id,
        unknown_answers.forms,
        question.answer_type
)

select given_answers.load_id || ' ' || given_answers.question_id as key
from given_answers
cross join reference.programme as programme
where
    given_answers.unknown_forms
    > programme.unknown_answer_share * (given_answers.given_forms + given_answers.unknown_forms)
