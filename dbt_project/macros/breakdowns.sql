{# The columns of the facts by which tables are broken down, beyond service. They are columns of an enforced contract, so
   a new one is a change of the facts, not only of the catalogue; a test holds this list to the catalogue's. #}
{% macro breakdown_columns() -%}
    {{ return(['age_band', 'gender', 'ethnicity_group', 'abuse_timing']) }}
{%- endmacro %}

{# What stands in such a column of a form that was not asked: it is in no slice of the breakdown, and in the total. #}
{% macro not_asked_label() -%}
    {{ return('Not asked') }}
{%- endmacro %}

{# Breakdowns are read one at a time, never crossed, so a form is counted in two small groups of dimensions instead of
   one cell of their full cross product: at a million forms that product has millions of cells and costs three times
   as much.
   Every dimension is in exactly one panel. #}
{% macro count_panels() -%}
    {%- set columns = breakdown_columns() -%}
    {{ return([['service_code'] + columns[:1], columns[1:]]) }}
{%- endmacro %}
