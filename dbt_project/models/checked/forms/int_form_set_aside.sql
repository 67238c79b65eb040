with

set_aside as (
    select * from {{ source('ops', 'set_aside') }}
),

forms as (
    select * from {{ ref('form') }}
),

-- What is set aside of the returns is read by int_returns_disposition.
set_aside_of_forms as (
    select set_aside.*
    from set_aside
    inner join forms
        on set_aside.form_id = forms.form_id
),

forms_with_checks as (
    select
        form_id,
        landed_row_id,
        {{ collect_text('check_id', 'question_no is null') }} as check_ids,
        {{ collect_list('question_no', 'question_no is not null') }} as question_nos
    from set_aside_of_forms
    group by form_id, landed_row_id
)

select * from forms_with_checks
