with

cohort as (
    select * from {{ ref('cohort') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

restriction as (
    select
        cohort.cohort_id,
        list(answer.answer_id order by answer.answer_id) as intake_answers
    from cohort
    inner join answer
        on {{ in_code_list('cohort.restriction', "answer.question_id || '=' || answer.option_code") }}
    group by cohort.cohort_id
),

numbered_cohorts as (
    select
        cohort.cohort_id,
        cohort.form_id,
        cast(power(2, row_number() over (order by cohort.cohort_id) - 1) as integer) as cohort_bit,
        cohort.unit = 'clients' as is_clients_only,
        -- A restriction that names no known answer admits nobody: an empty cohort is noticed, one without limit is not.
        case
            when cohort.restriction is not null then coalesce(restriction.intake_answers, cast([] as integer[]))
        end as intake_answers
    from cohort
    left join restriction on cohort.cohort_id = restriction.cohort_id
)

select * from numbered_cohorts
