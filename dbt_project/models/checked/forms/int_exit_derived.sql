{#- A view: it is read once, by fct_exit, and holds the lists of every form again. It hands on what fct_exit needs
    of the form and its case, because DuckDB would hold all those lists in memory to join them once more. -#}
{{ config(materialized='view') }}
-- depends_on: {{ ref('form') }}
-- depends_on: {{ ref('question') }}
-- depends_on: {{ ref('option') }}
-- depends_on: {{ ref('wording') }}
{%- set questions = catalogue_questions('exit') %}

with

form_answers as (
    select * from {{ ref('int_exit_answers') }}
),

matches as (
    select * from {{ ref('int_case_match') }}
),

exits as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit'
),

reviewed_clients as (
    select distinct
        client_key,
        reporting_year
    from {{ ref('int_form_accepted') }}
    where form_id = 'review'
),

cases as (
    select
        exits.*,
        matches.intake_landed_row_id,
        matches.intake_form_key,
        matches.match_rule,
        matches.case_length_days,
        matches.case_length_months,
        coalesce(matches.is_closed_before_intake, false) as is_closed_before_intake,
        reviewed_clients.client_key is not null as is_reviewed
    from exits
    left join matches
        on exits.landed_row_id = matches.exit_landed_row_id
    left join reviewed_clients
        on
            exits.client_key = reviewed_clients.client_key
            and exits.reporting_year = reviewed_clients.reporting_year
),

gathered as (
    select
        cases.*,
        form_answers.answers,
        form_answers.numbers
    from form_answers
    inner join cases
        on form_answers.landed_row_id = cases.landed_row_id
),

measured as (
    select *
        {{ derived_number_columns(questions, 'answers') }}
    from gathered
),

listed as (
    select
        form_key,
        landed_row_id,
        service_code,
        client_key,
        case_key,
        reporting_year,
        event_date,
        is_client_record,
        intake_landed_row_id,
        intake_form_key,
        match_rule,
        case_length_days,
        is_closed_before_intake,
        answers,
        numbers,
        {{ derived_answers(questions, 'answers') }} as derived_answers,
        {{ derived_numbers(questions) }} as derived_numbers
    from measured
)

select * from listed
