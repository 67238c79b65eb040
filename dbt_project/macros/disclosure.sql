{# The kind of a period, from its label: 2014-15 and 2015-16 are alike, 31 March 2015 is of another kind. Digits are all
   that a year changes in a label. #}
{% macro kind_of_period(label) -%}
    regexp_replace(coalesce({{ label }}, ''), '\d+', '#', 'g')
{%- endmacro %}


{# What one count of the returns is called, wherever it stands: its measure, value of a breakdown, source and window. The
   name is what its draw is made from, so it never changes, and no other count is ever called so: a window that goes on
   with every year is called by its days (int_social_care_window.window_name). #}
{% macro count_name(measure, counted, window) -%}
    {{ measure }} || '|' || {{ counted }}.breakdown || '|' || {{ counted }}.breakdown_value
        || '|' || {{ counted }}.source_id || '|' || {{ window }}.window_name
{%- endmacro %}


{# To multiples of what counts are rounded, the smallest printed n over which figures are printed, and by how much a
   printed count and the true one may differ: disclosure/rounding.py. #}
{% macro rounding_base(threshold) -%}
    greatest(5, {{ threshold }})
{%- endmacro %}


{% macro least_n(threshold) -%}
    5 * {{ rounding_base(threshold) }}
{%- endmacro %}


{% macro within(threshold) -%}
    {{ rounding_base(threshold) }} - 1
{%- endmacro %}


{# A count, but no more than another one; null where either is. (`least` takes the one that is there.) #}
{% macro at_most(count, most) -%}
    case when {{ count }} > {{ most }} then {{ most }} when {{ most }} is not null then {{ count }} end
{%- endmacro %}
