{{ config(materialized='view') }}

with

intakes as (
    select
        'intake' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_forms__intake') }}
),

reviews as (
    select
        'review' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_forms__review') }}
),

exits as (
    select
        'exit' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_forms__exit') }}
),

questions as (
    select * from {{ ref('question') }}
),

all_forms as (
    select * from intakes
    union all
    select * from reviews
    union all
    select * from exits
),

unfolded as (
    select
        form_id,
        landed_row_id,
        {{ entry_field('found', 'question_no') }} as question_no,
        {{ entry_field('found', 'problem') }} as problem
    from all_forms
),

named as (
    select
        unfolded.form_id,
        unfolded.landed_row_id,
        unfolded.question_no,
        questions.question_id,
        unfolded.problem
    from unfolded
    inner join questions
        on unfolded.question_no = questions.question_no
)

select * from named
