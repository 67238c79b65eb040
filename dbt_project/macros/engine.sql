{#
    What the models need that is not plain SQL: lists, structs, date arithmetic. (How text and dates are read: reading.sql.)
    A second engine needs this file again, and a look at the other macros: they keep to it where it costs nothing.
#}


{# One text for the values of several columns, the same for the same values only: each keeps its place, empty or not. #}
{% macro hash_of(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}{%- do texts.append("coalesce(" ~ column ~ "::varchar, '')") -%}{%- endfor -%}
    md5(concat({{ texts | join(", chr(31), ") }}))
{%- endmacro %}


{# What a row says in all of its columns but some, as one text: equal where all of them are. #}
{% macro row_text(without) -%}
    struct_pack(*columns(* exclude ({{ without | join(', ') }})))::varchar
{%- endmacro %}

{# How many columns of such a text hold nothing. #}
{% macro blanks_of(row_text) -%}
    len(regexp_extract_all({{ row_text }}, ': NULL'))
{%- endmacro %}

{# The values of a group as one text, in order. #}
{% macro group_text(expression, distinct=false) -%}
    string_agg({{ 'distinct ' if distinct }}{{ expression }}, chr(30) order by {{ expression }})
{%- endmacro %}


{# ------------------------------------------------------------- a value chosen #}

{#
    The value of the first, or last, row of a group in an order, NULL where that row has none. `max_by`, `any_value` and
    their like pass over NULLs and take the value of another row; a test keeps them out of models.
#}
{% macro value_of_first(value, order) -%}
    first({{ value }} order by {{ order }})
{%- endmacro %}

{% macro value_of_last(value, order) -%}
    last({{ value }} order by {{ order }})
{%- endmacro %}

{# The value of the first row of a group that has one: meant to pass over NULLs. #}
{% macro first_present(value, order) -%}
    first({{ value }} order by {{ order }}) filter (where {{ value }} is not null)
{%- endmacro %}


{# ---------------------------------------------------------------- unions #}

{# The rows of several relations, one after another, each column under its name; a column that one of them lacks is NULL
   there. Another engine may need the columns listed. #}
{% macro union_by_name(relations) -%}
    {%- for relation in relations %}
    select * from {{ relation }}
    {{- '\n    union all by name' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# The condition of a join on columns that two relations call alike. #}
{% macro same_in(one, other, columns) -%}
    {%- for column in columns -%}
    {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# Several columns as one value that is never NULL itself, so that different combinations can be counted. #}
{% macro row_of(columns) -%}
    row({{ columns | join(', ') }})
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

{# The numbers whose condition holds, by question and in terms of `item`; with `negated` the others. A question without one holds. #}
{% macro numbers_where(list, conditions, negated) -%}
    list_filter({{ list }}, item -> {{ 'not ' if negated }}
        {%- if conditions -%}
        case item.question_no
            {%- for question_no, condition in conditions.items() %}
            when {{ question_no }} then {{ condition }}
            {%- endfor %}
            else true
        end
        {%- else -%}
        true
        {%- endif -%}
    )
{%- endmacro %}

{# A list with `expression`, written in terms of `element`, worked out for each of its elements. #}
{% macro each_element(list, expression) -%}
    list_transform({{ list }}, element -> {{ expression }})
{%- endmacro %}

{# The `missing` answers of the questions in a list. #}
{% macro missing_answers(questions) -%}
    list_transform({{ questions }}, x -> (x * 100 + 99)::integer)
{%- endmacro %}

{# The `not_asked` answers of the questions in a list. #}
{% macro not_asked_answers(questions) -%}
    list_transform({{ questions }}, x -> (x * 100 + 98)::integer)
{%- endmacro %}

{% macro list_without(list, unwanted) -%}
    list_filter({{ list }}, x -> not coalesce(list_contains({{ unwanted }}, x), false))
{%- endmacro %}

{# The questions that a list of problems names for one kind of problem. #}
{% macro questions_with_problem(problems, problem) -%}
    list_transform(list_filter({{ problems }}, x -> x.problem = '{{ problem }}'), x -> x.question_no)
{%- endmacro %}

{# True where a list of problems of a record of a return names a field. #}
{% macro has_problem(problems, field) -%}
    list_contains(list_transform({{ problems }}, x -> x.field_id), '{{ field }}')
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


{# ----------------------------------------------------------------- dates #}

{% macro month_start(date) -%}
    date_trunc('month', {{ date }})::date
{%- endmacro %}

{% macro month_end(date) -%}
    last_day({{ date }})
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

{# March 2024, and 31 March 2024. #}
{% macro month_in_words(date) -%}
    strftime({{ date }}, '%B %Y')
{%- endmacro %}

{% macro day_in_words(date) -%}
    strftime({{ date }}, '%-d %B %Y')
{%- endmacro %}
