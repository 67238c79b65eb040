{#
    Where the law ends something that a return leaves open. `ends` are expressions of a day by the word for who says so;
    the earliest counts, and none lies before the beginning. NULL while nothing ends it.
#}


{# The day something ended. (`least` and `greatest` pass over NULL.) #}
{% macro earliest_end(start, ends) -%}
    case when {{ _earliest(ends) }} is not null then greatest({{ start }}, {{ _earliest(ends) }}) end
{%- endmacro %}


{# Who says so: of several that name the same day the first. #}
{% macro ended_by(ends) -%}
    case {{ _earliest(ends) }}
        {%- for word, day in ends.items() %}
        when {{ day }} then '{{ word }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro _earliest(ends) -%}
    least({{ ends.values() | join(', ') }})
{%- endmacro %}
