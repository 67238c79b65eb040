-- depends_on: {{ ref('form') }}
-- depends_on: {{ ref('question') }}
-- depends_on: {{ ref('option') }}
-- depends_on: {{ ref('wording') }}
-- depends_on: {{ ref('breakdown') }}
{%- set questions = catalogue_questions('intake') -%}
{%- set by_id = questions_by_id(questions) -%}
{%- set derived = questions | selectattr('derivation') | list %}

with

accepted as (
    select * from {{ ref('int_form_accepted') }}
),

form_answers as (
    select * from {{ ref('int_intake_answers') }}
),

aged as (
    select
        form_answers.landed_row_id,
        form_answers.answers,
        -- Only the month of birth is kept, so a child is as old as one born on the first of that month.
        floor({{ completed_months_between('accepted.birth_month', month_start('accepted.event_date')) }} / 12)
            as age_years
    from form_answers
    inner join accepted
        on form_answers.landed_row_id = accepted.landed_row_id
),

measured as (
    select
        *
        {%- for question in derived %}
        {%- if question['derivation'] == 'age_years' %},
        case when {{ in_range(question, 'age_years') }} then age_years end as d_{{ question['question_no'] }}
        {%- elif question['derivation'] == 'tick_count' %},
        {{ derived_tick_count(question, by_id, 'answers') }} as d_{{ question['question_no'] }}
        {%- endif %}
        {%- endfor %}
    from aged
),

{%- set new_answers = [] -%}
{%- set new_numbers = [] -%}
{%- for question in derived -%}
    {%- if question['derivation'] == 'any_yes' -%}
        {%- do new_answers.append(derived_any_yes(question, by_id, 'answers')) -%}
    {%- else -%}
        {%- set number = 'd_' ~ question['question_no'] -%}
        {%- do new_answers.append(derived_band(question, by_id, 'answers', number)) -%}
        {%- do new_numbers.append(
            'case when ' ~ number ~ ' is not null then ' ~ number_entry(question['question_no'], number) ~ ' end'
        ) -%}
    {%- endif -%}
{%- endfor %}

listed as (
    select
        landed_row_id,
        answers,
        age_years::integer as age_years,
        {{ list_of_positive(new_answers) }} as derived_answers,
        {{ list_of_present(new_numbers, numbers_type()) }} as derived_numbers
    from measured
),

described as (
    select
        landed_row_id,
        derived_answers,
        derived_numbers,
        age_years,
        {{ breakdown_label('age_band', questions, list_join('derived_answers', 'answers')) }} as age_band,
        {{ breakdown_label('gender', questions, 'answers') }} as gender,
        {{ breakdown_label('ethnicity_group', questions, 'answers') }} as ethnicity_group,
        {{ breakdown_label('abuse_timing', questions, 'answers') }} as abuse_timing
    from listed
)

select * from described
