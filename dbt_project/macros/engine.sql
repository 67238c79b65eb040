{#
    What the models need that is not plain SQL: lists, structs, text cleaning, reading of dates, date arithmetic.
    A second engine needs this file again, and a look at the other macros: they keep to it where it costs nothing.
#}


{# ------------------------------------------------------------------ text #}

{# Text as it is compared: lower case, no white space around it, one space inside, straight apostrophes and dashes. #}
{% macro normalise_text(cell) -%}
    lower(trim(regexp_replace(translate({{ cell }}, '‘’–—' || chr(160), '''''-- '), '\s+', ' ', 'g')))
{%- endmacro %}


{# The same rule for text the catalogue already gives us while the SQL is written (see normalise_text). #}
{% macro normalise_spelling(text) -%}
    {%- set straight = text | lower | replace('‘', "'") | replace('’', "'") | replace('–', '-') | replace('—', '-') -%}
    {{ return(straight.split() | join(' ')) }}
{%- endmacro %}


{% macro text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}


{# The value paired with a text: one search for any number of pairs, where CASE would work `expression` out again for each. #}
{% macro lookup(expression, texts, values, otherwise) -%}
    {%- set literals = [] -%}
    {%- for text in texts -%}{%- do literals.append(text_literal(text)) -%}{%- endfor -%}
    coalesce([{{ values | join(', ') }}][list_position([{{ literals | join(', ') }}], {{ expression }})], {{ otherwise }})
{%- endmacro %}


{# True for one of several texts. Not IN: the engine turns every long IN into a join, and a staging model has dozens. #}
{% macro is_one_of(expression, texts) -%}
    {%- set literals = [] -%}
    {%- for text in texts -%}{%- do literals.append(text_literal(text)) -%}{%- endfor -%}
    list_contains([{{ literals | join(', ') }}], {{ expression }})
{%- endmacro %}


{# ----------------------------------------------------------------- lists #}

{% macro answers_type() -%}
    integer[]
{%- endmacro %}

{% macro numbers_type() -%}
    struct(question_no integer, number double)[]
{%- endmacro %}

{% macro problems_type() -%}
    struct(question_no integer, problem varchar)[]
{%- endmacro %}

{# Zero stands for "nothing" while a row is read: a list of integers without NULL is built and filtered twice as fast. #}
{% macro list_of_positive(expressions) -%}
    {%- if expressions -%}
    list_filter([{{ expressions | join(',\n            ') }}]::{{ answers_type() }}, x -> x > 0)
    {%- else -%}
    []::{{ answers_type() }}
    {%- endif -%}
{%- endmacro %}

{% macro list_of_present(expressions, list_type) -%}
    {%- if expressions -%}
    list_filter([{{ expressions | join(',\n            ') }}]::{{ list_type }}, x -> x is not null)
    {%- else -%}
    []::{{ list_type }}
    {%- endif -%}
{%- endmacro %}

{% macro number_entry(question_no, number) -%}
    {'question_no': {{ question_no }}, 'number': {{ number }}}
{%- endmacro %}

{% macro problem_entry(question_no, problem) -%}
    {'question_no': {{ question_no }}, 'problem': '{{ problem }}'}
{%- endmacro %}

{% macro entry_field(entry, field) -%}
    struct_extract({{ entry }}, '{{ field }}')
{%- endmacro %}

{% macro list_has(list, value) -%}
    list_contains({{ list }}, {{ value }})
{%- endmacro %}

{# One list after another; a list that is NULL adds nothing. #}
{% macro list_join(first, second) -%}
    list_concat({{ first }}, {{ second }})
{%- endmacro %}

{% macro list_sorted_distinct(list) -%}
    list_sort(list_distinct({{ list }}))
{%- endmacro %}

{# A positive element of a list, 0 when it has none. Nearly always the first will do, and looking there is far cheaper. #}
{% macro list_any_positive(list) -%}
    case
        when {{ list }} is null then 0
        when {{ list }}[1] > 0 then {{ list }}[1]
        else coalesce(list_max({{ list }}), 0)
    end
{%- endmacro %}

{# The elements of `list` whose question (a field, or an answer_id divided by 100) is not among `questions`. #}
{% macro answers_without(list, questions) -%}
    list_filter({{ list }}, x -> not coalesce(list_contains({{ questions }}, x // 100), false))
{%- endmacro %}

{% macro numbers_without(list, questions) -%}
    list_filter({{ list }}, x -> not coalesce(list_contains({{ questions }}, x.question_no), false))
{%- endmacro %}

{# A list with `expression`, written in terms of `element`, worked out for each of its elements. #}
{% macro each_element(list, expression) -%}
    list_transform({{ list }}, element -> {{ expression }})
{%- endmacro %}

{# The `missing` answers of the questions in a list. #}
{% macro missing_answers(questions) -%}
    list_transform({{ questions }}, x -> (x * 100 + 99)::integer)
{%- endmacro %}

{% macro list_without(list, unwanted) -%}
    list_filter({{ list }}, x -> not coalesce(list_contains({{ unwanted }}, x), false))
{%- endmacro %}

{# The questions that a list of problems names for one kind of problem. #}
{% macro questions_with_problem(problems, problem) -%}
    list_transform(list_filter({{ problems }}, x -> x.problem = '{{ problem }}'), x -> x.question_no)
{%- endmacro %}

{% macro collect_list(expression, condition) -%}
    list(distinct {{ expression }} order by {{ expression }}) filter (where {{ condition }})
{%- endmacro %}

{% macro collect_text(expression, condition) -%}
    string_agg(distinct {{ expression }}, ', ' order by {{ expression }}) filter (where {{ condition }})
{%- endmacro %}

{% macro explode(list) -%}
    unnest({{ list }})
{%- endmacro %}

{# One row per whole number from 0 up to, and without, a number. #}
{% macro whole_numbers_below(number) -%}
    unnest(range({{ number }}))
{%- endmacro %}


{# ------------------------------------------------- numbers, dates, times #}

{# A finite number, or NULL. Thousands commas and a trailing per cent or unit are not guessed at. #}
{% macro try_number(cell) -%}
    case when isfinite(try_cast({{ cell }} as double)) then try_cast({{ cell }} as double) end
{%- endmacro %}

{# Spreadsheets count days from 30 December 1899; anything outside 1954 to 2119 is not a date but some other number. #}
{% macro is_spreadsheet_date(number) -%}
    {{ number }} between 20000 and 80000
{%- endmacro %}

{# A calendar date from ISO text, ISO text with a time, day/month/year with or without a time, or a spreadsheet serial. #}
{% macro try_date(cell) -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__' then try_cast({{ cell }} as date)
        when regexp_matches(trim({{ cell }}), '^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$')
            then try_cast(regexp_extract(trim({{ cell }}), '^[^T ]+') as date)
        when regexp_matches(trim({{ cell }}), '^\d{1,2}/\d{1,2}/\d{4}( .*)?$')
            then try_strptime(regexp_extract(trim({{ cell }}), '^[^ ]+'), '%d/%m/%Y')::date
        when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
            then date '1899-12-30' + floor(try_cast({{ cell }} as double))::integer
    end
{%- endmacro %}

{# A moment from the same spellings, in UTC where the text says how far it is from UTC; a missing time is midnight. #}
{% macro try_timestamp(cell) -%}
    case
        when {{ cell }} is null then null
        when {{ cell }} like '____-__-__T__:__:__Z' then try_cast({{ cell }} as timestamp)
        when regexp_matches(trim({{ cell }}), '^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$')
            then coalesce(
                try_cast(trim({{ cell }}) as timestamp),
                try_strptime(
                    regexp_replace(trim({{ cell }}), '(:\d{2})[+-]\d{2}:?\d{2}$', '\1'),
                    ['%Y-%m-%dT%H:%M', '%Y-%m-%d %H:%M', '%Y-%m-%dT%H:%MZ']
                )
            ) - to_minutes({{ minutes_from_utc(cell) }})
        when regexp_matches(trim({{ cell }}), '^\d{1,2}/\d{1,2}/\d{4}( .*)?$')
            then try_strptime(trim({{ cell }}), ['%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S'])
        when {{ is_spreadsheet_date('try_cast(' ~ cell ~ ' as double)') }}
            then timestamp '1899-12-30 00:00:00'
                + to_seconds(round(try_cast({{ cell }} as double) * 86400)::bigint)
    end
{%- endmacro %}

{# The offset at the end of an ISO time, such as +01:00; the engine's own cast reads the clock and drops the offset. #}
{% macro minutes_from_utc(cell) -%}
    case
        when regexp_matches({{ cell }}, ':\d{2}.*[+-]\d{2}:?\d{2}\s*$')
            then cast(regexp_extract({{ cell }}, '([+-])\d{2}:?\d{2}\s*$', 1) || '1' as integer) * (
                60 * cast(regexp_extract({{ cell }}, '[+-](\d{2}):?\d{2}\s*$', 1) as integer)
                + cast(regexp_extract({{ cell }}, '[+-]\d{2}:?(\d{2})\s*$', 1) as integer)
            )
        else 0
    end
{%- endmacro %}

{# The first day of a month given as YYYY-MM. #}
{% macro try_month(cell) -%}
    try_cast({{ cell }} || '-01' as date)
{%- endmacro %}

{% macro month_start(date) -%}
    date_trunc('month', {{ date }})::date
{%- endmacro %}

{% macro days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{# Completed months: a month is complete on the same day of a later month, so 31 January to 30 April has two. #}
{% macro completed_months_between(earlier, later) -%}
    (
        12 * (extract(year from {{ later }}) - extract(year from {{ earlier }}))
        + extract(month from {{ later }}) - extract(month from {{ earlier }})
        - case when extract(day from {{ later }}) < extract(day from {{ earlier }}) then 1 else 0 end
    )
{%- endmacro %}

{# One row per day from first to last. #}
{% macro days_from_to(first, last) -%}
    unnest(generate_series({{ first }}::timestamp, {{ last }}::timestamp, interval 1 day))::date
{%- endmacro %}
