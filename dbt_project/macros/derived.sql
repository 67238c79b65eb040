{#
    Questions nobody is asked: the catalogue names the rule (derivation) and what it reads (derived_from). The rules
    that need nothing but the answers of the form itself are written here once for any question of any form.
    In all of them a closed gate means no answer, and an open one without a result means missing.
#}


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
    The value of one breakdown dimension: label (or group) of the form's answer to its question, else Missing. Missing
    for every form when the catalogue does not name the dimension.
#}
{% macro breakdown_label(breakdown, questions, answers) -%}
    {%- set by_id = questions_by_id(questions) -%}
    {%- set labels = {} -%}
    {%- for dimension in catalogue_breakdowns() if dimension['breakdown'] == breakdown -%}
        {%- set question = by_id[dimension['question_id']] -%}
        {%- for option in question['options'] -%}
            {%- set group = option['option_group'] if dimension['level'] == 'group' else none -%}
            {%- do labels.update({question['question_no'] * 100 + option['option_no']: group or option['option_label']}) -%}
        {%- endfor -%}
    {%- endfor -%}
    case
        {%- for answer, label in labels.items() %}
        when {{ list_has(answers, answer) }} then {{ text_literal(label) }}
        {%- else %}
        when true then 'Missing'
        {%- endfor %}
        else 'Missing'
    end
{%- endmacro %}
