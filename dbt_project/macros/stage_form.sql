{#
    The staging of one form, written from its questions: every row of the relation `landed` becomes one row with typed
    administration columns, the list of its answers, its numbers, and what could not be read.

    While a row is read, an answer is an integer: the answer_id when recognised, 0 when blank, and two markers below.
    Integers that are never NULL keep the lists cheap to build: a million rows have some three hundred of them each.
#}
{% macro unknown_answer() %}-1{% endmacro %}
{% macro out_of_range() %}-2{% endmacro %}


{# The answer_id of every spelling of a question's options: as the catalogue has it, and cleaned for comparison. #}
{% macro spellings(question) -%}
    {%- set exact = {} -%}
    {%- set loose = {} -%}
    {%- for option in question['options'] -%}
        {%- for spelling in option['spellings'] -%}
            {%- set answer = question['question_no'] * 100 + option['option_no'] -%}
            {%- do exact.setdefault(spelling, answer) -%}
            {%- do loose.setdefault(folded_spelling(spelling), answer) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return({'exact': exact, 'loose': loose}) }}
{%- endmacro %}


{#
    One option out of several from a cell that holds its code or label in any version's wording.
    Nearly every cell is blank or spelt as in the catalogue, so cleaning text is left for the few that are not.
#}
{% macro parse_choice(cell, question) -%}
    {%- set known = spellings(question) -%}
    case
        when {{ cell }} is null then 0
        {%- for spelling, answer in known['exact'].items() %}
        when {{ cell }} = {{ text_literal(spelling) }} then {{ answer }}
        {%- endfor %}
        when {{ cell }} = '' then 0
        else {{ parse_loosely(cell, question) }}
    end
{%- endmacro %}

{% macro parse_loosely(cell, question) -%}
    {%- set loose = spellings(question)['loose'] -%}
    {{ lookup(folded_text(cell), [''] + loose.keys() | list, [0] + loose.values() | list, unknown_answer()) }}
{%- endmacro %}


{# One option of a tick-all question from its own column of ticks. #}
{% macro parse_tick(cell, question, option) -%}
    {%- set answer = question['question_no'] * 100 + option['option_no'] -%}
    {%- set meanings = {} -%}
    {%- for spelling in option['spellings'] -%}{%- do meanings.setdefault(folded_spelling(spelling), answer) -%}{%- endfor -%}
    {%- for yes in ticked_texts() -%}{%- do meanings.setdefault(yes, answer) -%}{%- endfor -%}
    {%- for no in [''] + unticked_texts() -%}{%- do meanings.setdefault(no, 0) -%}{%- endfor -%}
    case {{ cell }}
        when '1' then {{ answer }}
        when '0' then 0
        else
            case
                when {{ cell }} is null then 0
                else {{ lookup(folded_text(cell), meanings.keys() | list, meanings.values() | list, unknown_answer()) }}
            end
    end
{%- endmacro %}

{#
    Every option of a tick-all question from one delimited cell: labels between semicolons, or codes between spaces.
    Without a semicolon the cell is one label (labels hold spaces) or a list of codes; what it is spelt like decides,
    the cheap comparisons first. NULL for an empty cell, so that the usual case costs nothing.
#}
{% macro parse_tick_list(cell, question) -%}
    {%- set exact = spellings(question)['exact'].keys() | list -%}
    case
        when {{ cell }} is null then null
        when contains({{ cell }}, ';')
            then {{ each_element('string_split(' ~ cell ~ ", ';')", parse_choice('element', question)) }}
        when {{ is_one_of(cell, exact) }} then [{{ parse_choice(cell, question) }}]
        when {{ is_one_of("split_part(" ~ cell ~ ", ' ', 1)", exact) }}
            and {{ is_one_of("split_part(" ~ cell ~ ", ' ', -1)", exact) }}
            then {{ each_element('string_split(' ~ cell ~ ", ' ')", parse_choice('element', question)) }}
        when {{ parse_loosely(cell, question) }} >= 0 then [{{ parse_loosely(cell, question) }}]
        else {{ each_element('string_split(' ~ folded_text(cell) ~ ", ' ')", parse_choice('element', question)) }}
    end
{%- endmacro %}


{# Yes or no; 0 for blank and the marker for text that is neither. #}
{% macro parse_flag(cell) -%}
    {%- set texts = [''] + ticked_texts() + unticked_texts() -%}
    {%- set values = [0] + [1] * (ticked_texts() | length) + [0] * (unticked_texts() | length) -%}
    case
        when {{ cell }} is null then 0
        else {{ lookup(folded_text(cell), texts, values, unknown_answer()) }}
    end
{%- endmacro %}


{# The answer of a number question: the band of the number, an option given as text, or a marker. #}
{% macro parse_number_answer(cell, number, question) -%}
    case
        when {{ cell }} is null then 0
        when {{ number }} is null
            then {% if question['options'] %}{{ parse_choice(cell, question) }}{% else %}{{ unknown_answer() }}{% endif %}
        when not ({{ in_range(question, number) }}) then {{ out_of_range() }}
        {%- if bands(question) %}
        else {{ band_of(question, number, missing_id(question)) }}
        {%- else %}
        else 0
        {%- endif %}
    end
{%- endmacro %}


{# The condition that opens a question, from the parsed answers of its parents up to a question without a parent. #}
{% macro gate_condition(question, by_id) -%}
    {%- set conditions = [] -%}
    {%- set walk = namespace(question=question) -%}
    {%- for step in range(10) -%}
        {%- if walk.question['parent_question_id'] -%}
            {%- set parent = by_id[walk.question['parent_question_id']] -%}
            {%- set opening = answer_ids(parent, walk.question['parent_option_codes']) -%}
            {%- if parent['answer_type'] == 'tick_all' -%}
                {%- set ticked = [] -%}
                {%- for answer in opening -%}
                    {%- do ticked.append('t_' ~ answer ~ ' > 0') -%}
                    {%- do ticked.append('coalesce(' ~ list_has('l_' ~ parent['question_no'], answer) ~ ', false)') -%}
                {%- endfor -%}
                {%- do conditions.append('(' ~ ticked | join(' or ') ~ ')') -%}
            {%- else -%}
                {%- set equal = [] -%}
                {%- for answer in opening -%}{%- do equal.append('q_' ~ parent['question_no'] ~ ' = ' ~ answer) -%}{%- endfor -%}
                {%- do conditions.append('(' ~ equal | join(' or ') ~ ')') -%}
            {%- endif -%}
            {%- set walk.question = parent -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{%- endmacro %}


{% macro stage_form(landed, questions) %}
{%- if not execute %}
select * from {{ landed }}
{%- else %}
{#- A run says which order the programme writes dates in; the graph, which is one for all, does not know. -#}
{%- set day_first = var('date_order', 'day_first') == 'day_first' -%}
{%- set by_id = questions_by_id(questions) -%}
{%- set roles = {} -%}
{%- set asked = [] -%}
{%- for question in questions if question['storage'] != 'never' and not question['derivation'] -%}
    {%- if question['role'] -%}
        {%- do roles.update({question['role']: question}) -%}
    {%- elif question['answer_type'] in ('single', 'matrix', 'tick_all', 'number') -%}
        {%- do asked.append(question) -%}
    {%- endif -%}
{%- endfor -%}
{%- set gates = {} -%}
{%- set gate_of = {} -%}
{%- for question in asked if question['parent_question_id'] -%}
    {%- set condition = gate_condition(question, by_id) -%}
    {%- if condition not in gates -%}{%- do gates.update({condition: 'gate_' ~ (gates | length + 1)}) -%}{%- endif -%}
    {%- do gate_of.update({question['question_no']: gates[condition]}) -%}
{%- endfor -%}
{%- set dates = ['event_date', 'submitted_at', 'edited_at', 'date_of_birth'] | select('in', roles) | list -%}
{%- set flags = ['consent', 'is_test'] | select('in', roles) | list -%}

with

source as (
    select * from {{ landed }}
    {%- if is_incremental() %}
    -- New loads, and forms whose content was erased after they had been staged.
    where
        load_seq > (select coalesce(max(staged.load_seq), 0) from {{ this }} as staged)
        or (
            is_erased
            and landed_row_id in (select staged.landed_row_id from {{ this }} as staged where not staged.is_erased)
        )
    {%- endif %}
),

numbers_read as (
    select
        *
        {%- for question in asked if question['answer_type'] == 'number' %},
        {{ try_number(question['question_id']) }} as n_{{ question['question_no'] }}
        {%- endfor %}
    from source
),

answers_read as (
    select
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        content_hash,
        is_erased,
        {%- for role, column in [
            ('form_version', 'form_version'), ('submission_id', 'submission_key'), ('client_id', 'client_key'),
            ('case_reference', 'case_key'), ('postcode', 'postcode_sector')
        ] %}
        {% if role in roles %}{{ roles[role]['question_id'] }}{% else %}null::varchar{% endif %} as {{ column }},
        {%- endfor %}
        {%- for role, column in [
            ('submission_id', 'submission_exact_key'), ('client_id', 'client_exact_key'), ('case_reference', 'case_exact_key')
        ] %}
        {% if role in roles %}{{ roles[role]['question_id'] }}__exact{% else %}null::varchar{% endif %} as {{ column }},
        {%- endfor %}
        {{ roles['service']['question_id'] }} as service_code,
        {%- for role in dates %}
        {{ roles[role]['question_id'] }} is not null as {{ role }}_is_given,
        {%- endfor %}
        {{ try_date(roles['event_date']['question_id'], day_first) }} as event_date,
        {{ try_timestamp(roles['submitted_at']['question_id'], day_first) }} as submitted_at,
        {{ try_timestamp(roles['edited_at']['question_id'], day_first) if 'edited_at' in roles else 'null::timestamp' }}
            as edited_at,
        {{ try_month(roles['date_of_birth']['question_id']) if 'date_of_birth' in roles else 'null::date' }} as date_of_birth,
        {%- for role in ['consent', 'is_test'] %}
        {{ parse_flag(roles[role]['question_id']) if role in roles else 0 }} as {{ role }}
        {{- ',' if asked or not loop.last }}
        {%- endfor %}
        {%- for question in asked %}
        {%- if question['answer_type'] == 'tick_all' %}
        {%- for option in question['options'] %}
        {{ parse_tick(question['question_id'] ~ '__' ~ option['option_code'], question, option) }}
            as t_{{ question['question_no'] * 100 + option['option_no'] }},
        {%- endfor %}
        {{ parse_tick_list(question['question_id'], question) }} as l_{{ question['question_no'] }}
        {{- ',' if not loop.last }}
        {%- elif question['answer_type'] == 'number' %}
        n_{{ question['question_no'] }},
        {{ parse_number_answer(question['question_id'], 'n_' ~ question['question_no'], question) }}
            as q_{{ question['question_no'] }}
        {{- ',' if not loop.last }}
        {%- else %}
        {{ parse_choice(question['question_id'], question) }} as q_{{ question['question_no'] }}
        {{- ',' if not loop.last }}
        {%- endif %}
        {%- endfor %}
    from numbers_read
),

-- Per tick-all question: above 0 when something is ticked (q_), below 0 when something is unknown (u_).
ticks_summed as (
    select
        *
        {%- for question in asked if question['answer_type'] == 'tick_all' %}
        {%- set ticks = [] -%}
        {%- for option in question['options'] -%}
            {%- do ticks.append('t_' ~ (question['question_no'] * 100 + option['option_no'])) -%}
        {%- endfor %},
        greatest({{ ticks | join(', ') }}, {{ list_any_positive('l_' ~ question['question_no']) }})
            as q_{{ question['question_no'] }},
        least(
            {{ ticks | join(', ') }},
            case when {{ list_has('l_' ~ question['question_no'], unknown_answer()) }} then {{ unknown_answer() }} else 0 end
        ) as u_{{ question['question_no'] }}
        {%- endfor %}
    from answers_read
),

gates_read as (
    select
        *
        {%- for condition, gate in gates.items() %},
        ({{ condition }}) as {{ gate }}
        {%- endfor %}
    from ticks_summed
),

{#- ------------------------------------------------------------------------------------ what is told of each question -#}
{%- set answers = [] -%}
{%- set lists = [] -%}
{%- set numbers = [] -%}
{%- set problems = [] -%}
{%- set unknowns = [] -%}
{%- set members = {} -%}
{%- for question in asked -%}
    {%- set no = question['question_no'] -%}
    {%- set gate = gate_of.get(no, '') -%}
    {%- set when_open = gate ~ ' and ' if gate else '' -%}
    {%- if question['answer_type'] == 'tick_all' -%}
        {%- for option in question['options'] -%}{%- do answers.append('t_' ~ (no * 100 + option['option_no'])) -%}{%- endfor -%}
        {%- do answers.append('case when ' ~ when_open ~ 'q_' ~ no ~ ' <= 0 then ' ~ missing_id(question) ~ ' else 0 end') -%}
        {%- do lists.append('l_' ~ no) -%}
        {%- do unknowns.append('u_' ~ no) -%}
        {%- do problems.append('case when u_' ~ no ~ ' < 0 then ' ~ problem_entry(no, 'unknown_answer') ~ ' end') -%}
        {%- set given = 'q_' ~ no ~ ' > 0 or u_' ~ no ~ ' < 0' -%}
    {%- elif question['answer_type'] == 'number' -%}
        {%- do answers.append(
            'case when q_' ~ no ~ ' > 0 then q_' ~ no ~ ' when ' ~ when_open ~ '(q_' ~ no ~ ' < 0 or n_' ~ no
            ~ ' is null) then ' ~ missing_id(question) ~ ' else 0 end'
        ) -%}
        {%- do numbers.append(
            'case when n_' ~ no ~ ' is not null and q_' ~ no ~ ' >= 0 then ' ~ number_entry(no, 'n_' ~ no) ~ ' end'
        ) -%}
        {%- do unknowns.append('q_' ~ no) -%}
        {%- do problems.append(
            'case q_' ~ no ~ ' when ' ~ unknown_answer() ~ ' then ' ~ problem_entry(no, 'unreadable_number')
            ~ ' when ' ~ out_of_range() ~ ' then ' ~ problem_entry(no, 'number_out_of_range') ~ ' end'
        ) -%}
        {%- set given = 'q_' ~ no ~ ' <> 0 or n_' ~ no ~ ' is not null' -%}
    {%- else -%}
        {%- if gate -%}
            {%- do answers.append(
                'case when q_' ~ no ~ ' > 0 then q_' ~ no ~ ' when ' ~ gate ~ ' then ' ~ missing_id(question) ~ ' else 0 end'
            ) -%}
        {%- else -%}
            {%- do answers.append('case when q_' ~ no ~ ' > 0 then q_' ~ no ~ ' else ' ~ missing_id(question) ~ ' end') -%}
        {%- endif -%}
        {%- do unknowns.append('q_' ~ no) -%}
        {%- do problems.append('case when q_' ~ no ~ ' < 0 then ' ~ problem_entry(no, 'unknown_answer') ~ ' end') -%}
        {%- set given = 'q_' ~ no ~ ' <> 0' -%}
    {%- endif -%}
    {%- if gate -%}
        {%- do members.setdefault(gate, []).append(given) -%}
        {%- do problems.append(
            'case when not ' ~ gate ~ ' and (' ~ given ~ ') then ' ~ problem_entry(no, 'answered_unasked') ~ ' end'
        ) -%}
    {%- endif -%}
{%- endfor -%}
{%- for role in flags -%}
    {%- do unknowns.append(role) -%}
    {%- do problems.append(
        'case when ' ~ role ~ ' < 0 then ' ~ problem_entry(roles[role]['question_no'], 'unknown_answer') ~ ' end'
    ) -%}
{%- endfor -%}
{%- set suspicions = ['least(0, ' ~ unknowns | join(', ') ~ ') < 0'] if unknowns else [] -%}
{%- for gate, given in members.items() -%}
    {%- do suspicions.append('(not ' ~ gate ~ ' and (' ~ given | join(' or ') ~ '))') -%}
{%- endfor -%}
{%- for role in dates -%}
    {%- do suspicions.append('(' ~ role ~ '_is_given and ' ~ role ~ ' is null)') -%}
    {%- do problems.append(
        'case when ' ~ role ~ '_is_given and ' ~ role ~ ' is null then '
        ~ problem_entry(roles[role]['question_no'], 'unreadable_date') ~ ' end'
    ) -%}
{%- endfor %}

lists_built as (
    select
        *,
        {{ list_of_positive(answers) }} as read_answers,
        {{ list_of_present(numbers, numbers_type()) }} as read_numbers,
        -- Few forms have a problem, so the list of problems is built only for those.
        case
            when {{ suspicions | join('\n                or ') }}
                then {{ list_of_present(problems, problems_type()) }}
            else []::{{ problems_type() }}
        end as read_problems
    from gates_read
),

staged as (
    select
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        content_hash,
        is_erased,
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
        case
            when is_erased then []::{{ answers_type() }}
            {%- if lists %}
            when coalesce({{ lists | join(', ') }}) is not null
                then {{ list_sorted_distinct(list_join('read_answers', list_of_ticked(lists))) }}
            {%- endif %}
            else read_answers
        end as answers,
        read_numbers as numbers,
        read_problems as problems
    from lists_built
)

select * from staged
{%- endif %}
{% endmacro %}


{# The recognised answers of several delimited cells in one list. #}
{% macro list_of_ticked(lists) -%}
    list_filter(flatten([{{ lists | join(', ') }}]), x -> x > 0)
{%- endmacro %}
