{# Whether two labels name periods of one kind, a year after the other: 2014-15 and 2015-16, 31 March 2015 and 2016.
   Digits are all that a year changes in a label. #}
{% macro same_kind_of_period(label, other) -%}
    regexp_replace({{ label }}, '\d+', '#', 'g') = regexp_replace({{ other }}, '\d+', '#', 'g')
{%- endmacro %}
