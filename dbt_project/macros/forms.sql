{# The columns every staged form has, whatever was asked on it. #}
{% macro administration_columns() -%}
    landed_row_id,
        load_id,
        load_seq,
        source_row,
        content_hash,
        is_erased,
        left_out,
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
    Which of several versions of one submission is later, as columns of an order: the time of its last edit (staging has
    that of its submission where it was never edited), then that of its submission. Another stamp that exports bring and
    the catalogue knows would stand here; when and in which order files arrived never does.
#}
{% macro latest_version_first(forms) -%}
    {{ forms }}.edited_at desc nulls last, {{ forms }}.submitted_at desc nulls last
{%- endmacro %}


{# Of forms that say the same, the one that was asked most comes first: columns of an order, from what was not asked. #}
{% macro most_asked_first(not_asked) -%}
    coalesce(len({{ not_asked }}), 0) asc, {{ not_asked }} asc
{%- endmacro %}


{#
    The answers of the staged forms of one kind that count. An answer that a check set aside counts as missing, and as nothing at
    all when the question was not open: nobody was asked, so nobody failed to answer.
#}
{% macro kept_answers(staged, set_aside) -%}
    {%- set dropped = 'set_aside.question_nos' -%}
    select
            staged.landed_row_id,
            case
                when {{ dropped }} is null then staged.answers
                else {{ list_join(
                    answers_without('staged.answers', dropped),
                    missing_answers(list_without(dropped, questions_with_problem('staged.problems', 'answered_unasked')))
                ) }}
            end as answers,
            case
                when {{ dropped }} is null then staged.numbers
                else {{ numbers_without('staged.numbers', dropped) }}
            end as numbers
        from {{ staged }} as staged
        left join {{ set_aside }} as set_aside
            on staged.landed_row_id = set_aside.landed_row_id
{%- endmacro %}


{#
    The answers of a form that was not asked some questions (a list, NULL for none): what it says on them, if anything, gives
    way to the answer that says so. Nobody else's list is built anew.
#}
{% macro answers_as_asked(answers, not_asked) -%}
    case
            when {{ not_asked }} is null then {{ answers }}
            else {{ list_join(answers_without(answers, not_asked), not_asked_answers(not_asked)) }}
        end
{%- endmacro %}


{# Whose numbers each dataset holds: the forms that it counts, the facts with their numbers, the column that names the row. #}
{% macro number_readings() -%}
    {{ return([
        {'dataset': 'intake', 'form_id': 'intake', 'fact': 'fct_intake', 'row': 'landed_row_id'},
        {'dataset': 'exit', 'form_id': 'exit', 'fact': 'fct_exit', 'row': 'landed_row_id'},
        {'dataset': 'review', 'form_id': 'review', 'fact': 'fct_review', 'row': 'landed_row_id'},
        {'dataset': 'exit_intake', 'form_id': 'exit', 'fact': 'fct_intake', 'row': 'intake_landed_row_id'},
        {'dataset': 'review_intake', 'form_id': 'review', 'fact': 'fct_intake', 'row': 'intake_landed_row_id'},
    ]) }}
{%- endmacro %}


{# The name under which forms of a dataset are counted that were not asked a question: the question's number behind a hyphen. #}
{% macro unasked_dataset(dataset, question_no) -%}
    {{ dataset }} || '-' || {{ question_no }}
{%- endmacro %}


{% macro numbers_as_asked(numbers, not_asked) -%}
    case when {{ not_asked }} is null then {{ numbers }} else {{ numbers_without(numbers, not_asked) }} end
{%- endmacro %}
