{# The kind of a period, from its label: 2014-15 and 2015-16 are alike, 31 March 2015 is of another kind. Digits are all
   that a year changes in a label. #}
{% macro kind_of_period(label) -%}
    regexp_replace(coalesce({{ label }}, ''), '\d+', '#', 'g')
{%- endmacro %}
