{# Years end on 31 March and are called by the year in which they end: 2017 is April 2016 to March 2017. #}


{# The year of the 31 March on or after a day. #}
{% macro year_to_march(date) -%}
    (extract(year from {{ date }}) + case when extract(month from {{ date }}) > 3 then 1 else 0 end)::integer
{%- endmacro %}


{# 2016-17, of the year 2017; `year_label` of reporting/numbers.py writes the same. The open data tell kinds of periods by
   the shape of these labels, and reconciliation_social_care looks figures up by them. #}
{% macro year_label(year) -%}
    (cast({{ year }} - 1 as varchar) || '-' || right(cast({{ year }} as varchar), 2))
{%- endmacro %}


{# 31 March 2017, of the year 2017. #}
{% macro day_label(year) -%}
    ('31 March ' || cast({{ year }} as varchar))
{%- endmacro %}


{# True when something that began and perhaps ended was going on on a day: it does not count on its last day. #}
{% macro open_on(date, start, end) -%}
    ({{ start }} <= {{ date }} and ({{ end }} is null or {{ end }} > {{ date }}))
{%- endmacro %}
