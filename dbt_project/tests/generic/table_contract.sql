{#
    What every row of a table promises, in one query that reads the table once: one row for each rule that is broken,
    with the name of the rule, its columns and how many rows break it. Never a value: the result may be shown.

    key              columns that are unique together. NULL counts as a value: two rows that differ in nothing else are
                     the same key.
    unique           further lists of columns that are unique together. NULL counts as a value among several columns; a
                     column by itself may be NULL in any number of rows.
    not_null         columns that are NULL in no row. Where a model with an enforced contract is a table, write the
                     constraint instead: the table then refuses the row.
    accepted_values  the values a column may have. NULL passes.
#}
{% test table_contract(model, key, unique=[], not_null=[], accepted_values={}) %}

{{ config(fail_calc='coalesce(sum(failing_rows), 0)') }}

{%- set rules = [] -%}
{%- for column in not_null -%}
    {%- do rules.append(('not_null', column, 'count(*) filter (where ' ~ column ~ ' is null)')) -%}
{%- endfor -%}
{%- for column, values in accepted_values.items() -%}
    {%- set literals = [] -%}
    {%- for value in values -%}
        {%- do literals.append(text_literal(value) if value is string else value) -%}
    {%- endfor -%}
    {%- set unknown = column ~ ' not in (' ~ literals | join(', ') ~ ')' -%}
    {%- do rules.append(('accepted_values', column, 'count(*) filter (where ' ~ unknown ~ ')')) -%}
{%- endfor -%}
{%- for columns in [key] + unique -%}
    {%- set names = columns | join(', ') -%}
    {%- if loop.first or columns | length > 1 -%}
        {%- do rules.append(('unique', names, 'count(*) - count(distinct ' ~ row_of(columns) ~ ')')) -%}
    {%- else -%}
        {%- do rules.append(('unique', names, 'count(' ~ names ~ ') - count(distinct ' ~ names ~ ')')) -%}
    {%- endif -%}
{%- endfor -%}

with counted as (
    select
        {%- for _, _, failing_rows in rules %}
        {{ failing_rows }} as rule_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)

select
    broken.rule,
    broken.column_names,
    broken.failing_rows
from counted
cross join lateral (
    values
    {%- for rule, names, _ in rules %}
    ('{{ rule }}', '{{ names }}', counted.rule_{{ loop.index }}){{ ',' if not loop.last }}
    {%- endfor %}
) as broken (rule, column_names, failing_rows)
where broken.failing_rows > 0

{% endtest %}
