{#
    Readers of the catalogue seeds. Models whose columns depend on the catalogue ask it here while their SQL is written,
    so a new question, option or band needs no change to a model. A model gives the seeds it wants read, as ref(), so that
    dbt loads them first; `render()` names the seed itself, also where dbt builds tables without rows (--empty). Inside a
    unit test a ref stands for a fixture and there is nothing to ask: unit tests replace these macros (overrides: macros:)
    and so bring their own small catalogue.
#}


{% macro catalogue_rows(sql) -%}
    {%- set result = run_query(sql) -%}
    {{ return(result.rows) }}
{%- endmacro %}


{#
    The questions of one form in order of question_no: a list of dicts with question_no, question_id, role, answer_type,
    storage, derivation, derived_from, parent_question_id, parent_option_codes, minimum, maximum and options, each of
    them with option_no, option_code, option_label, option_kind, option_group, lower_bound and upper_bound.
    role is what an administration question is for (submission_id, service, …; event_date for the form's own date).
#}
{% macro catalogue_questions(form_id, forms, questions, options) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}

    {%- set option_sets = {} -%}
    {%- set option_query -%}
        select
            option_set, option_no, option_code, option_label, option_kind, option_group, lower_bound, upper_bound
        from {{ options.render() }}
        order by option_set, option_no
    {%- endset -%}
    {%- set question_query -%}
        select
            question.question_no, question.question_id, question.answer_type, question.storage, question.derivation,
            question.derived_from, question.option_set, question.parent_question_id, question.parent_option_codes,
            question.minimum, question.maximum,
            case
                when question.question_id = form.event_date_question_id then 'event_date'
                -- A programme's own question among those of administration is counted like any other.
                when
                    question.question_id = question.form_id || '_admin_' || question.question_code
                    and question.answer_type not in ('single', 'matrix', 'tick_all', 'number')
                    then question.question_code
            end as role
        from {{ questions.render() }} as question
        inner join {{ forms.render() }} as form on question.form_id = form.form_id
        where question.form_id = '{{ form_id }}'
        order by question.question_no
    {%- endset -%}

    {%- for row in catalogue_rows(option_query) -%}
        {%- do option_sets.setdefault(row['option_set'], []).append({
            'option_no': row['option_no'] | int,
            'option_code': row['option_code'],
            'option_label': row['option_label'],
            'option_kind': row['option_kind'],
            'option_group': row['option_group'],
            'lower_bound': row['lower_bound'],
            'upper_bound': row['upper_bound'],
        }) -%}
    {%- endfor -%}

    {%- set asked = [] -%}
    {%- for row in catalogue_rows(question_query) -%}
        {%- do asked.append({
            'question_no': row['question_no'] | int,
            'question_id': row['question_id'],
            'role': row['role'],
            'answer_type': row['answer_type'],
            'storage': row['storage'],
            'derivation': row['derivation'],
            'derived_from': row['derived_from'],
            'parent_question_id': row['parent_question_id'],
            'parent_option_codes': row['parent_option_codes'],
            'minimum': row['minimum'],
            'maximum': row['maximum'],
            'options': option_sets.get(row['option_set'], []) if row['option_set'] else [],
        }) -%}
    {%- endfor -%}

    {%- if not asked -%}
        {{ exceptions.raise_compiler_error(
            "The catalogue has no question for the form '" ~ form_id ~ "'. Nothing was changed. "
            ~ "Load the catalogue with `dbt seed` and start again."
        ) }}
    {%- endif -%}
    {{ return(asked) }}
{%- endmacro %}


{# The breakdown dimensions in order: dicts with breakdown, question_id and level (option, or group of options). #}
{% macro catalogue_breakdowns(breakdowns) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set query -%}
        select breakdown, question_id, level
        from {{ breakdowns.render() }}
        order by breakdown_order
    {%- endset -%}
    {%- set dimensions = [] -%}
    {%- for row in catalogue_rows(query) -%}
        {%- do dimensions.append({
            'breakdown': row['breakdown'], 'question_id': row['question_id'], 'level': row['level']
        }) -%}
    {%- endfor -%}
    {{ return(dimensions) }}
{%- endmacro %}


{# question_id -> question, for looking up parents and sources of derivations. #}
{% macro questions_by_id(questions) -%}
    {%- set found = {} -%}
    {%- for question in questions -%}{%- do found.update({question['question_id']: question}) -%}{%- endfor -%}
    {{ return(found) }}
{%- endmacro %}


{# The answer_ids of some options (codes delimited by ';') of a question. A code that does not exist stops the build. #}
{% macro answer_ids(question, option_codes) -%}
    {%- set ids = [] -%}
    {%- for code in option_codes.split(';') -%}
        {%- set matching = question['options'] | selectattr('option_code', 'equalto', code | trim) | list -%}
        {%- if not matching -%}
            {{ exceptions.raise_compiler_error(
                "The catalogue names the option '" ~ code ~ "' of question '" ~ question['question_id']
                ~ "', which has no such option. Nothing was changed. Correct the seed and start again."
            ) }}
        {%- endif -%}
        {%- do ids.append(question['question_no'] * 100 + matching[0]['option_no']) -%}
    {%- endfor -%}
    {{ return(ids) }}
{%- endmacro %}


{% macro missing_id(question) -%}
    {{ return(question['question_no'] * 100 + 99) }}
{%- endmacro %}


{# The options of a banded number question that have bounds. #}
{% macro bands(question) -%}
    {%- set found = [] -%}
    {%- for option in question['options'] -%}
        {%- if option.get('lower_bound') is not none or option.get('upper_bound') is not none -%}
            {%- do found.append(option) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}


{# The answer_id of the band a number falls into (rounded down, bounds inclusive); `otherwise` when it falls into none. #}
{% macro band_of(question, number, otherwise) -%}
    case
        {%- for band in bands(question) %}
        when true
            {%- if band.get('lower_bound') is not none %} and floor({{ number }}) >= {{ band['lower_bound'] }}{% endif -%}
            {%- if band.get('upper_bound') is not none %} and floor({{ number }}) <= {{ band['upper_bound'] }}{% endif %}
            then {{ question['question_no'] * 100 + band['option_no'] }}
        {%- endfor %}
        else {{ otherwise }}
    end
{%- endmacro %}


{# True when a number lies within a question's minimum and maximum. #}
{% macro in_range(question, number) -%}
    {{ within_limits(number, question.get('minimum'), question.get('maximum')) }}
{%- endmacro %}
