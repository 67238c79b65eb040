-- depends_on: {{ ref('form') }}
-- depends_on: {{ ref('question') }}
-- depends_on: {{ ref('option') }}
-- depends_on: {{ ref('wording') }}
{%- set questions = catalogue_questions('exit') -%}
{%- set by_id = questions_by_id(questions) -%}
{%- set derived = questions | selectattr('derivation') | list %}

with

accepted as (
    select * from {{ ref('int_form_accepted') }}
),

form_answers as (
    select * from {{ ref('int_exit_answers') }}
),

matches as (
    select * from {{ ref('int_case_match') }}
),

reviewed_clients as (
    select distinct
        client_key,
        reporting_year
    from accepted
    where form_id = 'review'
),

gathered as (
    select
        form_answers.landed_row_id,
        form_answers.answers,
        matches.case_length_days,
        matches.case_length_months,
        coalesce(matches.is_closed_before_intake, false) as is_closed_before_intake,
        reviewed_clients.client_key is not null as is_reviewed
    from form_answers
    inner join accepted
        on form_answers.landed_row_id = accepted.landed_row_id
    left join matches
        on form_answers.landed_row_id = matches.exit_landed_row_id
    left join reviewed_clients
        on
            accepted.client_key = reviewed_clients.client_key
            and accepted.reporting_year = reviewed_clients.reporting_year
),

measured as (
    select
        *
        {%- for question in derived if question['derivation'] == 'tick_count' %},
        {{ derived_tick_count(question, by_id, 'answers') }} as d_{{ question['question_no'] }}
        {%- endfor %}
    from gathered
),

{%- set new_answers = [] -%}
{%- set new_numbers = [] -%}
{%- for question in derived -%}
    {%- set no = question['question_no'] -%}
    {%- if question['derivation'] == 'any_yes' -%}
        {%- do new_answers.append(derived_any_yes(question, by_id, 'answers')) -%}
    {%- elif question['derivation'] == 'client_reviewed' -%}
        {%- do new_answers.append(
            'case when is_reviewed then ' ~ answer_ids(question, 'yes')[0]
            ~ ' else ' ~ answer_ids(question, 'no')[0] ~ ' end'
        ) -%}
    {%- elif question['derivation'] == 'case_length' -%}
        {%- do new_answers.append(
            'case when is_closed_before_intake then ' ~ answer_ids(question, 'error')[0]
            ~ ' when case_length_days is null then ' ~ missing_id(question)
            ~ ' else ' ~ band_of(question, 'case_length_months', missing_id(question)) ~ ' end'
        ) -%}
        {%- do new_numbers.append(
            'case when case_length_days is not null then ' ~ number_entry(no, 'case_length_days') ~ ' end'
        ) -%}
    {%- elif question['derivation'] == 'tick_count' -%}
        {%- do new_answers.append(derived_band(question, by_id, 'answers', 'd_' ~ no)) -%}
        {%- do new_numbers.append('case when d_' ~ no ~ ' is not null then ' ~ number_entry(no, 'd_' ~ no) ~ ' end') -%}
    {%- endif -%}
{%- endfor %}

listed as (
    select
        landed_row_id,
        {{ list_of_positive(new_answers) }} as derived_answers,
        {{ list_of_present(new_numbers, numbers_type()) }} as derived_numbers
    from measured
)

select * from listed
