{#
    Years of the returns end on 31 March and are called by the year in which they end: 2017 is April 2016 to March 2017.
    Those of the forms begin on the day that the programme says (`year_starts`, month and day), and are called likewise: 2024
    is September 2023 to August 2024 of 09-01, January to December 2024 of 01-01. They stand in reference.reporting_year.
#}


{# The year of the 31 March on or after a day. #}
{% macro year_to_march(date) -%}
    (extract(year from {{ date }}) + case when extract(month from {{ date }}) > 3 then 1 else 0 end)::integer
{%- endmacro %}


{# 2016-17, of the year 2017. The open data tell kinds of periods by the shape of these labels, and
   reconciliation_social_care looks figures up by them. #}
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


{# ------------------------------------------------------------------------- years of the forms #}

{# The reporting year that a day lies in. #}
{% macro year_of_day(date, year_starts) -%}
    (
        extract(year from {{ date }})
        + case
            when
                {{ year_starts }} > '01-01'
                and 100 * extract(month from {{ date }}) + extract(day from {{ date }})
                >= cast(replace({{ year_starts }}, '-', '') as integer)
                then 1
            else 0
        end
    )::integer
{%- endmacro %}


{# The first day of a reporting year. #}
{% macro first_day_of_year(year, year_starts) -%}
    cast(
        cast({{ year }} - case when {{ year_starts }} > '01-01' then 1 else 0 end as varchar) || '-' || {{ year_starts }}
        as date
    )
{%- endmacro %}


{# The last day of a reporting year. #}
{% macro last_day_of_year(year, year_starts) -%}
    {{ first_day_of_year('(' ~ year ~ ' + 1)', year_starts) }} - 1
{%- endmacro %}


{# The reporting year that a day ends, or the last that ended before it. #}
{% macro last_year_over(day, year_starts) -%}
    {{ year_of_day(day ~ ' + 1', year_starts) }} - 1
{%- endmacro %}


{# April 2023 to March 2024, January to December 2024, 6 April 2023 to 5 April 2024: of the first and last day of a year. #}
{% macro year_in_words(starts_on, ends_on) -%}
    case
        when extract(day from {{ starts_on }}) > 1
            then {{ day_in_words(starts_on) }} || ' to ' || {{ day_in_words(ends_on) }}
        when extract(year from {{ starts_on }}) = extract(year from {{ ends_on }})
            then 'January to ' || {{ month_in_words(ends_on) }}
        else {{ month_in_words(starts_on) }} || ' to ' || {{ month_in_words(ends_on) }}
    end
{%- endmacro %}
