{#
    The staging of one form. Landing has kept of each cell the code of an option, a number, a day, 1 or 0, or a mark that
    something stood there which was not understood (reading.sql); here a cell becomes the number of an answer (answer_id), and
    the cells of a form become the list of its answers, its numbers and its problems.

    While a row is read, an answer is an integer: the answer_id, 0 when blank, and two markers below. Integers that are never
    NULL keep the lists cheap to build: a million rows have some three hundred of them each.
#}
{% macro unknown_answer() %}-1{% endmacro %}
{% macro out_of_range() %}-2{% endmacro %}


{% macro stage_form(landed, questions) %}
{%- if not execute %}
select * from {{ landed }}
{%- else %}
{%- set form = form_to_stage(questions) %}
with

source as (
    select * from {{ landed }}
    {%- if is_incremental() %}
    -- New loads, and forms that were emptied after they had been staged.
    where
        load_seq > (select coalesce(max(staged.load_seq), 0) from {{ this }} as staged)
        or (
            is_erased
            and landed_row_id in (select staged.landed_row_id from {{ this }} as staged where not staged.is_erased)
        )
    {%- endif %}
),

-- Each cell by itself: the number of its answer (q_), the ticks of a question by option (t_) and by list (l_), numbers (n_).
cells_read as (
    select
        {{ administration_read(form) }},
        {{ cells_of_answers(form) | join(',\n        ') }}
    from source
),

-- Of a question with ticks: above 0 when one is ticked (q_), below 0 when an entry was not understood (u_).
ticks_read as (
    select
        *,
        {{ cells_of_ticks(form) | join(',\n        ') }}
    from cells_read
),

-- Whether what opens a question was answered.
gates_read as (
    select
        *,
        {{ cells_of_gates(form) | join(',\n        ') }}
    from ticks_read
),

forms_read as (
    select
        *,
        {{ list_of_positive(answers_of_form(form)) }} as answers_read,
        {{ list_of_present(numbers_of_form(form), numbers_type()) }} as numbers_read,
        -- Few forms have a problem, so the list of problems is built only for those.
        case
            when {{ suspicions_of_form(form) | join('\n                or ') }}
                then {{ list_of_present(problems_of_form(form), problems_type()) }}
            else []::{{ problems_type() }}
        end as problems_read
    from gates_read
),

forms_with_answers as (
    select
        *,
        case
            when is_erased then []::{{ answers_type() }}
            {%- if form['lists'] %}
            when coalesce({{ form['lists'] | join(', ') }}) is not null
                then {{ list_sorted_distinct(list_join('answers_read', list_of_ticked(form['lists']))) }}
            {%- endif %}
            else answers_read
        end as answers
    from forms_read
),

staged as (
    select
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        case when not is_erased then {{ hash_of([
            'service_code', 'client_key', 'case_key', 'event_date', 'date_of_birth', 'postcode_sector', 'consent', 'is_test',
            'answers', 'numbers_read'
        ]) }} end as content_hash,
        is_erased,
        left_out,
        form_version,
        service_code,
        submission_key,
        client_key,
        case_key,
        submission_exact_key,
        client_exact_key,
        case_exact_key,
        event_date,
        submitted_at,
        coalesce(edited_at, submitted_at) as edited_at,
        consent > 0 as has_consent,
        is_test > 0 as is_test,
        date_of_birth as birth_month,
        postcode_sector,
        answers,
        numbers_read as numbers,
        problems_read as problems
    from forms_with_answers
)

select * from staged
{%- endif %}
{% endmacro %}


{# ------------------------------------------------------------------ what there is to stage of a form, from its questions #}

{#
    roles: what the questions of administration are for; asked: the questions with answers, in order; gates: the name of each
    condition that opens questions; gate_of: the gate of a question's number; lists: the columns with lists of ticks.
#}
{% macro form_to_stage(questions) -%}
    {%- set form = {'roles': {}, 'asked': [], 'gates': {}, 'gate_of': {}, 'lists': []} -%}
    {%- set by_id = questions_by_id(questions) -%}
    {%- for question in questions if question['storage'] != 'never' and not question['derivation'] -%}
        {%- if question['role'] -%}
            {%- do form['roles'].update({question['role']: question}) -%}
        {%- elif question['answer_type'] in ('single', 'matrix', 'tick_all', 'number') -%}
            {%- do form['asked'].append(question) -%}
            {%- if question['answer_type'] == 'tick_all' -%}{%- do form['lists'].append('l_' ~ question['question_no']) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for question in form['asked'] if question['parent_question_id'] -%}
        {%- set condition = gate_condition(question, by_id) -%}
        {%- do form['gates'].setdefault(condition, 'gate_' ~ (form['gates'] | length + 1)) -%}
        {%- do form['gate_of'].update({question['question_no']: form['gates'][condition]}) -%}
    {%- endfor -%}
    {{ return(form) }}
{%- endmacro %}


{# The condition that opens a question, from the answers of its parents up to a question without a parent. #}
{% macro gate_condition(question, by_id) -%}
    {%- set conditions = [] -%}
    {%- set walk = namespace(question=question) -%}
    {%- for step in range(10) -%}
        {%- if walk.question['parent_question_id'] -%}
            {%- set parent = by_id[walk.question['parent_question_id']] -%}
            {%- set opened = [] -%}
            {%- for answer in answer_ids(parent, walk.question['parent_option_codes']) -%}
                {%- if parent['answer_type'] == 'tick_all' -%}
                    {%- do opened.append('t_' ~ answer ~ ' > 0') -%}
                    {%- do opened.append('coalesce(' ~ list_has('l_' ~ parent['question_no'], answer) ~ ', false)') -%}
                {%- else -%}
                    {%- do opened.append('q_' ~ parent['question_no'] ~ ' = ' ~ answer) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do conditions.append('(' ~ opened | join(' or ') ~ ')') -%}
            {%- set walk.question = parent -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{%- endmacro %}


{# ------------------------------------------------------------------------------------------------------- cells as read #}

{# What is known of a form besides its answers. #}
{% macro administration_read(form) -%}
    {%- set roles = form['roles'] -%}
    landed_row_id,
        load_id,
        load_seq,
        source_row,
        is_erased,
        left_out,
        {%- for role, column in [
            ('form_version', 'form_version'), ('submission_id', 'submission_key'), ('client_id', 'client_key'),
            ('case_reference', 'case_key'), ('postcode', 'postcode_sector'), ('service', 'service_code')
        ] %}
        {{ roles[role]['question_id'] if role in roles else 'null::varchar' }} as {{ column }},
        {%- endfor %}
        {%- for role, column in [
            ('submission_id', 'submission_exact_key'), ('client_id', 'client_exact_key'), ('case_reference', 'case_exact_key')
        ] %}
        {{ roles[role]['question_id'] ~ '__exact' if role in roles else 'null::varchar' }} as {{ column }},
        {%- endfor %}
        {%- for role, type in [('event_date', 'date'), ('submitted_at', 'timestamp'), ('edited_at', 'timestamp'), ('date_of_birth', 'date')] %}
        {%- set cell = roles[role]['question_id'] if role in roles else 'null::varchar' %}
        {{ cell }} is not null as {{ role }}_is_given,
        try_cast({{ cell }}{{ " || '-01'" if role == 'date_of_birth' }} as {{ type }}) as {{ role }},
        {%- endfor %}
        {%- for role in ['consent', 'is_test'] %}
        {{ answer_of_flag(roles[role]['question_id']) if role in roles else '0' }} as {{ role }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

{# One column for each cell with an answer. #}
{% macro cells_of_answers(form) -%}
    {%- set cells = [] -%}
    {%- for question in form['asked'] -%}
        {%- set no, cell = question['question_no'], question['question_id'] -%}
        {%- if question['answer_type'] == 'tick_all' -%}
            {%- for option in question['options'] -%}
                {%- set answer = no * 100 + option['option_no'] -%}
                {%- do cells.append(answer_of_tick(cell ~ '__' ~ option['option_code'], answer) ~ ' as t_' ~ answer) -%}
            {%- endfor -%}
            {%- do cells.append(answers_of_ticks(cell, question) ~ ' as l_' ~ no) -%}
        {%- elif question['answer_type'] == 'number' -%}
            {%- do cells.append(try_number(cell) ~ ' as n_' ~ no) -%}
            {%- do cells.append(answer_of_number(cell, question) ~ ' as q_' ~ no) -%}
        {%- else -%}
            {%- do cells.append(answer_of_choice(cell, question) ~ ' as q_' ~ no) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(cells or ['0 as no_answer']) }}
{%- endmacro %}

{# The answer_id of a code; one that is none of the options (or the mark) is not understood. #}
{% macro answer_of_choice(cell, question) -%}
    case when {{ cell }} is null then 0
    {%- for option in question['options'] %} when {{ cell }} = {{ text_literal(option['option_code']) }} then {{ question['question_no'] * 100 + option['option_no'] }}{% endfor %} else {{ unknown_answer() }} end
{%- endmacro %}

{% macro answer_of_tick(cell, answer) -%}
    case when {{ cell }} is null or {{ cell }} = '0' then 0 when {{ cell }} = '1' then {{ answer }} else {{ unknown_answer() }} end
{%- endmacro %}

{# The answers of a list of codes; NULL for an empty cell, so that the usual case costs nothing. #}
{% macro answers_of_ticks(cell, question) -%}
    case when {{ cell }} is not null then {{ each_element("string_split(" ~ cell ~ ", ';')", answer_of_choice('element', question)) }} end
{%- endmacro %}

{% macro answer_of_flag(cell) -%}
    case when {{ cell }} is null or {{ cell }} = '0' then 0 when {{ cell }} = '1' then 1 else {{ unknown_answer() }} end
{%- endmacro %}

{# The answer of a number question: the band of the number, an option given in its place, or a marker. #}
{% macro answer_of_number(cell, question) -%}
    case when {{ cell }} is null then 0 when {{ cell }} = {{ outside_the_limits() }} then {{ out_of_range() }} when {{ try_number(cell) }} is null then {{ answer_of_choice(cell, question) }} else {{ band_of(question, try_number(cell), 0) if bands(question) else 0 }} end
{%- endmacro %}

{# One column for each question with ticks that says whether there are any, one whether all were understood. #}
{% macro cells_of_ticks(form) -%}
    {%- set cells = [] -%}
    {%- for question in form['asked'] if question['answer_type'] == 'tick_all' -%}
        {%- set no, ticks = question['question_no'], [] -%}
        {%- for option in question['options'] -%}{%- do ticks.append('t_' ~ (no * 100 + option['option_no'])) -%}{%- endfor -%}
        {%- set ticks = ticks | join(', ') -%}
        {%- do cells.append('greatest(' ~ ticks ~ ', ' ~ list_any_positive('l_' ~ no) ~ ') as q_' ~ no) -%}
        {%- do cells.append(
            'least(' ~ ticks ~ ', case when ' ~ list_has('l_' ~ no, unknown_answer()) ~ ' then ' ~ unknown_answer()
            ~ ' else 0 end) as u_' ~ no
        ) -%}
    {%- endfor -%}
    {{ return(cells or ['0 as no_tick']) }}
{%- endmacro %}

{% macro cells_of_gates(form) -%}
    {%- set cells = [] -%}
    {%- for condition, gate in form['gates'].items() -%}{%- do cells.append('(' ~ condition ~ ') as ' ~ gate) -%}{%- endfor -%}
    {{ return(cells or ['0 as no_gate']) }}
{%- endmacro %}


{# -------------------------------------------------------------------------------------------------- the form as a whole #}

{# The answers of a form, one expression each: Missing where an open question was left blank, or nothing of it understood. #}
{% macro answers_of_form(form) -%}
    {%- set answers = [] -%}
    {%- for question in form['asked'] -%}
        {%- set no = question['question_no'] -%}
        {%- set when_open = form['gate_of'][no] ~ ' and ' if no in form['gate_of'] else '' -%}
        {%- set missing = missing_id(question) -%}
        {%- if question['answer_type'] == 'tick_all' -%}
            {%- for option in question['options'] -%}{%- do answers.append('t_' ~ (no * 100 + option['option_no'])) -%}{%- endfor -%}
            {%- do answers.append('case when ' ~ when_open ~ 'q_' ~ no ~ ' <= 0 then ' ~ missing ~ ' else 0 end') -%}
        {%- elif question['answer_type'] == 'number' -%}
            {#- A number in no band is missing; where there are no bands, a number is all that is asked for. -#}
            {%- set lacks = 'q_' ~ no ~ ' <= 0' if bands(question) else '(q_' ~ no ~ ' < 0 or n_' ~ no ~ ' is null)' -%}
            {%- do answers.append(
                'case when q_' ~ no ~ ' > 0 then q_' ~ no ~ ' when ' ~ when_open ~ lacks ~ ' then ' ~ missing ~ ' else 0 end'
            ) -%}
        {%- else -%}
            {%- do answers.append(
                'case when q_' ~ no ~ ' > 0 then q_' ~ no ~ (' when ' ~ form['gate_of'][no] ~ ' then ' ~ missing ~ ' else 0 end'
                if when_open else ' else ' ~ missing ~ ' end')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(answers) }}
{%- endmacro %}

{% macro numbers_of_form(form) -%}
    {%- set numbers = [] -%}
    {%- for question in form['asked'] if question['answer_type'] == 'number' -%}
        {%- set number = 'n_' ~ question['question_no'] -%}
        {%- do numbers.append('case when ' ~ number ~ ' is not null then ' ~ number_entry(question['question_no'], number) ~ ' end') -%}
    {%- endfor -%}
    {{ return(numbers) }}
{%- endmacro %}

{# What may be wrong with a question's answer: an expression for each, in the order of the questions. #}
{% macro problems_of_form(form) -%}
    {%- set problems = [] -%}
    {%- for question in form['asked'] -%}
        {%- set no = question['question_no'] -%}
        {%- if question['answer_type'] == 'number' -%}
            {%- do problems.append(
                'case q_' ~ no ~ ' when ' ~ unknown_answer() ~ ' then ' ~ problem_entry(no, 'unreadable_number')
                ~ ' when ' ~ out_of_range() ~ ' then ' ~ problem_entry(no, 'number_out_of_range') ~ ' end'
            ) -%}
        {%- else -%}
            {%- set column = ('u_' if question['answer_type'] == 'tick_all' else 'q_') ~ no -%}
            {%- do problems.append('case when ' ~ column ~ ' < 0 then ' ~ problem_entry(no, 'unknown_answer') ~ ' end') -%}
        {%- endif -%}
        {%- if no in form['gate_of'] -%}
            {%- do problems.append(
                'case when not ' ~ form['gate_of'][no] ~ ' and (' ~ is_given(question) ~ ') then '
                ~ problem_entry(no, 'answered_unasked') ~ ' end'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for role in ['consent', 'is_test'] if role in form['roles'] -%}
        {%- do problems.append(
            'case when ' ~ role ~ ' < 0 then ' ~ problem_entry(form['roles'][role]['question_no'], 'unknown_answer') ~ ' end'
        ) -%}
    {%- endfor -%}
    {%- for role in ['event_date', 'submitted_at', 'edited_at', 'date_of_birth'] if role in form['roles'] -%}
        {%- do problems.append(
            'case when ' ~ role ~ '_is_given and ' ~ role ~ ' is null then '
            ~ problem_entry(form['roles'][role]['question_no'], 'unreadable_date') ~ ' end'
        ) -%}
    {%- endfor -%}
    {{ return(problems) }}
{%- endmacro %}

{# Whether something stands in the cells of a question. #}
{% macro is_given(question) -%}
    {%- set no = question['question_no'] -%}
    {%- if question['answer_type'] == 'tick_all' -%}q_{{ no }} > 0 or u_{{ no }} < 0
    {%- elif question['answer_type'] == 'number' -%}q_{{ no }} <> 0 or n_{{ no }} is not null
    {%- else -%}q_{{ no }} <> 0
    {%- endif -%}
{%- endmacro %}

{# Conditions of which one holds wherever a form has a problem: cheaper to work out than the list. #}
{% macro suspicions_of_form(form) -%}
    {%- set unknowns, members = ['consent', 'is_test'], {} -%}
    {%- for question in form['asked'] -%}
        {%- set no = question['question_no'] -%}
        {%- do unknowns.append(('u_' if question['answer_type'] == 'tick_all' else 'q_') ~ no) -%}
        {%- if no in form['gate_of'] -%}{%- do members.setdefault(form['gate_of'][no], []).append(is_given(question)) -%}{%- endif -%}
    {%- endfor -%}
    {%- set suspicions = ['least(' ~ unknowns | join(', ') ~ ') < 0'] -%}
    {%- for gate, given in members.items() -%}
        {%- do suspicions.append('(not ' ~ gate ~ ' and (' ~ given | join(' or ') ~ '))') -%}
    {%- endfor -%}
    {%- for role in ['event_date', 'submitted_at', 'edited_at', 'date_of_birth'] -%}
        {%- do suspicions.append('(' ~ role ~ '_is_given and ' ~ role ~ ' is null)') -%}
    {%- endfor -%}
    {{ return(suspicions) }}
{%- endmacro %}

{# The recognised answers of several delimited cells in one list. #}
{% macro list_of_ticked(lists) -%}
    list_filter(flatten([{{ lists | join(', ') }}]), x -> x > 0)
{%- endmacro %}
