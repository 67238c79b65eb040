{# The columns every staged form has, whatever was asked on it. #}
{% macro administration_columns() -%}
    landed_row_id,
        load_id,
        load_seq,
        source_row,
        content_hash,
        is_erased,
        service_code,
        submission_key,
        client_key,
        case_key,
        event_date,
        submitted_at,
        edited_at,
        has_consent,
        is_test,
        birth_month,
        postcode_sector
{%- endmacro %}


{#
    The answers of one kind of form that count. An answer that a check set aside counts as missing, and as nothing at
    all when the question was not open: nobody was asked, so nobody failed to answer.
#}
{% macro kept_answers(form_id) %}
with

staged as (
    select * from {{ ref('stg_forms__' ~ form_id) }}
),

set_aside as (
    select * from {{ ref('int_form_set_aside') }}
),

gathered as (
    select
        staged.landed_row_id,
        staged.answers,
        staged.numbers,
        staged.problems,
        set_aside.question_nos as dropped
    from staged
    left join set_aside
        on staged.landed_row_id = set_aside.landed_row_id
),

kept as (
    select
        landed_row_id,
        case
            when dropped is null then answers
            else {{ list_join(
                answers_without('answers', 'dropped'),
                missing_answers(list_without('dropped', questions_with_problem('problems', 'answered_unasked')))
            ) }}
        end as answers,
        case
            when dropped is null then numbers
            else {{ numbers_without('numbers', 'dropped') }}
        end as numbers
    from gathered
)

select * from kept
{% endmacro %}
