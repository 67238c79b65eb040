with

intake as (
    select
        service_code,
        not_asked
    from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

service as (
    select
        service_code,
        count(*) as forms
    from intake
    group by service_code
),

unasked_question as (
    select
        service_code,
        {{ explode('not_asked') }} as question_no
    from intake
    where not_asked is not null
),

unasked as (
    select
        service_code,
        question_no,
        count(*) as forms
    from unasked_question
    group by service_code, question_no
),

asked_by_no_form as (
    select
        unasked.service_code,
        {{ collect_list('unasked.question_no', 'true') }} as question_nos
    from unasked
    inner join service on unasked.service_code = service.service_code and unasked.forms = service.forms
    group by unasked.service_code
)

select * from asked_by_no_form
