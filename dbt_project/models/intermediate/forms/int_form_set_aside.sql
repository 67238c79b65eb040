with

set_aside as (
    select * from {{ ref('stg_ops__set_aside') }}
),

per_form as (
    select
        form_id,
        landed_row_id,
        {{ collect_text('check_id', 'question_no is null') }} as check_ids,
        {{ collect_list('question_no', 'question_no is not null') }} as question_nos
    from set_aside
    group by form_id, landed_row_id
)

select * from per_form
