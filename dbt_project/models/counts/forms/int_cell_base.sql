with

cell as (
    select * from {{ ref('int_report_cell') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

-- Only of these is anybody in question, so that what counts everybody has no other terms.
question_not_asked as (
    select question_no
    from {{ ref('dim_question') }}
    where not is_asked_everywhere
),

base_terms as (
    select
        cell.cell_id,
        population_answer.cohort_id,
        population_answer.dataset,
        population_answer.answer_id,
        1 as weight
    from cell
    inner join population_answer on cell.population_id = population_answer.population_id
    union all
    select
        cell.cell_id,
        population_answer.cohort_id,
        {{ unasked_dataset('population_answer.dataset', 'cell.question_no') }} as dataset,
        population_answer.answer_id,
        -1 as weight
    from cell
    inner join population_answer on cell.population_id = population_answer.population_id
    inner join question_not_asked on cell.question_no = question_not_asked.question_no
)

select * from base_terms
