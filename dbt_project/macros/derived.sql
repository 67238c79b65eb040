{#
    Questions nobody is asked: the catalogue names the rule (derivation) and what it reads (derived_from). A rule is
    written here once, for any question of any form; a model that uses one brings the columns it reads:
    age_years reads age_years; case_length reads case_length_days, case_length_months and is_closed_before_intake;
    client_reviewed reads is_reviewed; tick_count and any_yes read the answers of the form and nothing else.
    In all of them a closed gate means no answer, and an open one without a result means missing.
#}


{# The derived numbers as columns d_<question_no> after those already selected, hence the comma in front of each. #}
{% macro derived_number_columns(questions, answers) -%}
    {%- set by_id = questions_by_id(questions) -%}
    {%- for question in questions if question['derivation'] in ('age_years', 'tick_count', 'case_length') -%}
        ,
        {% if question['derivation'] == 'age_years' -%}
            age_years
        {%- elif question['derivation'] == 'case_length' -%}
            case_length_days
        {%- else -%}
            {{ derived_tick_count(question, by_id, answers) }}
        {%- endif %} as d_{{ question['question_no'] }}
    {%- endfor -%}
{%- endmacro %}


{#
    The numbers of a form, given or derived, that count in averages: those with a band among its answers; of a question
    without bands those within its limits. With `outside` the others, which count as missing.
#}
{% macro numbers_that_count(questions, numbers, answers, outside=false) -%}
    {%- set conditions = {} -%}
    {%- for question in questions if question['answer_type'] == 'number' -%}
        {%- set ids = [] -%}
        {%- for band in bands(question) -%}{%- do ids.append(question['question_no'] * 100 + band['option_no']) -%}{%- endfor -%}
        {%- do conditions.update({
            question['question_no']: any_in_list(answers, ids) if ids else in_range(question, entry_field('item', 'number'))
        }) -%}
    {%- endfor -%}
    {{ numbers_where(numbers, conditions, outside) }}
{%- endmacro %}


{# The list of derived answers of a form. #}
{% macro derived_answers(questions, answers) -%}
    {%- set by_id = questions_by_id(questions) -%}
    {%- set found = [] -%}
    {%- for question in questions if question['derivation'] -%}
        {%- if question['derivation'] == 'any_yes' -%}
            {%- do found.append(derived_any_yes(question, by_id, answers)) -%}
        {%- elif question['derivation'] == 'client_reviewed' -%}
            {%- do found.append(derived_client_reviewed(question)) -%}
        {%- elif question['derivation'] == 'case_length' -%}
            {%- do found.append(derived_case_length(question)) -%}
        {%- else -%}
            {%- do found.append(derived_band(question, by_id, answers, 'd_' ~ question['question_no'])) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ list_of_positive(found) }}
{%- endmacro %}


{# The list of derived numbers of a form, from the columns of derived_number_columns. #}
{% macro derived_numbers(questions) -%}
    {%- set found = [] -%}
    {%- for question in questions if question['derivation'] in ('age_years', 'tick_count', 'case_length') -%}
        {%- set number = 'd_' ~ question['question_no'] -%}
        {%- do found.append(
            'case when ' ~ number ~ ' is not null then ' ~ number_entry(question['question_no'], number) ~ ' end'
        ) -%}
    {%- endfor -%}
    {{ list_of_present(found, numbers_type()) }}
{%- endmacro %}


{# case_length: the band of completed months; an error when the closure is dated before the intake. #}
{% macro derived_case_length(question) -%}
    case
        when is_closed_before_intake then {{ answer_ids(question, 'error')[0] }}
        when case_length_days is null then {{ missing_id(question) }}
        else {{ band_of(question, 'case_length_months', missing_id(question)) }}
    end
{%- endmacro %}


{# client_reviewed: yes or no, never missing. #}
{% macro derived_client_reviewed(question) -%}
    case
        when is_reviewed then {{ answer_ids(question, 'yes')[0] }}
        else {{ answer_ids(question, 'no')[0] }}
    end
{%- endmacro %}


{# The condition that opens a question, over the list of answers of the form; `true` for a question without a parent. #}
{% macro gate_in_list(question, by_id, answers) -%}
    {%- set conditions = [] -%}
    {%- set walk = namespace(question=question) -%}
    {%- for step in range(10) -%}
        {%- if walk.question['parent_question_id'] -%}
            {%- set parent = by_id[walk.question['parent_question_id']] -%}
            {%- do conditions.append(any_in_list(answers, answer_ids(parent, walk.question['parent_option_codes']))) -%}
            {%- set walk.question = parent -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ') if conditions else 'true') }}
{%- endmacro %}


{# True when the list holds one of some answer_ids: a chain of single searches, which beats a search for several. #}
{% macro any_in_list(answers, ids) -%}
    {%- set searches = [] -%}
    {%- for id in ids -%}{%- do searches.append(list_has(answers, id)) -%}{%- endfor -%}
    {{ return('(' ~ searches | join(' or ') ~ ')') }}
{%- endmacro %}


{# tick_count: how many real answers of a tick-all question are ticked; NULL when none is. #}
{% macro derived_tick_count(question, by_id, answers) -%}
    {%- set counted = by_id[question['derived_from']] -%}
    {%- set ticks = [] -%}
    {%- for option in counted['options'] if option['option_kind'] == 'answer' -%}
        {%- do ticks.append(list_has(answers, counted['question_no'] * 100 + option['option_no']) ~ '::integer') -%}
    {%- endfor -%}
    case when {{ gate_in_list(question, by_id, answers) }} then nullif({{ ticks | join(' + ') }}, 0) end
{%- endmacro %}


{# any_yes: the single option when one of the question=option pairs is among the answers. #}
{% macro derived_any_yes(question, by_id, answers) -%}
    {%- set ids = [] -%}
    {%- for pair in question['derived_from'].split(';') -%}
        {%- set parts = pair.split('=') -%}
        {%- do ids.extend(answer_ids(by_id[parts[0] | trim], parts[1])) -%}
    {%- endfor -%}
    case
        when not ({{ gate_in_list(question, by_id, answers) }}) then 0
        when {{ any_in_list(answers, ids) }} then {{ question['question_no'] * 100 + question['options'][0]['option_no'] }}
        else {{ missing_id(question) }}
    end
{%- endmacro %}


{# The answer of a derived number: its band, missing without a number, nothing behind a closed gate. #}
{% macro derived_band(question, by_id, answers, number) -%}
    case
        when not ({{ gate_in_list(question, by_id, answers) }}) then 0
        when {{ number }} is null then {{ missing_id(question) }}
        else {{ band_of(question, number, missing_id(question)) }}
    end
{%- endmacro %}


{#
    The value of one of the breakdown dimensions: label (or group) of the form's answer to its question, Not asked where its
    number is among those not asked, else Missing. Missing for every form when the catalogue does not name the dimension.
#}
{% macro breakdown_label(breakdown, dimensions, questions, answers, not_asked) -%}
    {%- set by_id = questions_by_id(questions) -%}
    {%- set labels = {} -%}
    {%- set numbers = [] -%}
    {%- for dimension in dimensions if dimension['breakdown'] == breakdown -%}
        {%- set question = by_id[dimension['question_id']] -%}
        {%- do numbers.append(question['question_no']) -%}
        {%- for option in question['options'] -%}
            {%- set group = option['option_group'] if dimension['level'] == 'group' else none -%}
            {%- do labels.update({question['question_no'] * 100 + option['option_no']: group or option['option_label']}) -%}
        {%- endfor -%}
    {%- endfor -%}
    case
        {%- for number in numbers %}
        when {{ list_has(not_asked, number) }} then {{ text_literal(not_asked_label()) }}
        {%- endfor %}
        {%- for answer, label in labels.items() %}
        when {{ list_has(answers, answer) }} then {{ text_literal(label) }}
        {%- else %}
        when true then 'Missing'
        {%- endfor %}
        else 'Missing'
    end
{%- endmacro %}
