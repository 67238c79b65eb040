{{ config(materialized='view') }}

with

intakes as (
    select
        'intake' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_insights__intake') }}
),

reviews as (
    select
        'review' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_insights__review') }}
),

exits as (
    select
        'exit' as form_id,
        landed_row_id,
        {{ explode('problems') }} as found
    from {{ ref('stg_insights__exit') }}
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

named as (
    select
        all_forms.form_id,
        all_forms.landed_row_id,
        questions.question_no,
        questions.question_id,
        all_forms.found.problem as problem
    from all_forms
    inner join questions
        on all_forms.found.question_no = questions.question_no
)

select * from named
