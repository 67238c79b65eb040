{#
    Figures of the social care marts in the shape that every report reads (marts.reportable_value): one select per kind
    of figure, so that each mart's mapping is a list of what differs from the usual.
#}


{# A select of figures from a relation. Arguments are SQL expressions over it; `source` and `line` are plain names. The
   indicator is the mart, with the line behind a slash where one mart holds several. `decimals` are those of the printed
   value. `change` is against the period before, in the figure's unit, `change_mark` its word; `reason` says why there is no
   value. #}
{% macro social_care_figure(
    source, relation, row_order, row_label, statistic, value, unit,
    line=none, numerator='null', denominator='null', lower='null', upper='null', decimals=1,
    period='reporting_year', period_label=none, level="'authority'", code='la_code',
    breakdown="'total'", breakdown_value="'total'", column_order=1, column_label="''",
    change='null', change_mark='null', reason='null', where='true'
) -%}
select
    '{{ source }}' as source,
    '{{ source }}{{ '/' ~ line if line }}' as indicator_id,
    cast({{ period }} as integer) as period,
    {{ period_label if period_label is not none else year_label(period) }} as period_label,
    {{ level }} as geography_level,
    {{ code }} as geography_code,
    {{ breakdown }} as breakdown,
    {{ breakdown_value }} as breakdown_value,
    cast({{ row_order }} as integer) as row_order,
    {{ row_label }} as row_label,
    {{ column_order }} as column_order,
    {{ column_label }} as column_label,
    '{{ statistic }}' as statistic,
    cast({{ numerator }} as bigint) as numerator,
    cast({{ denominator }} as bigint) as denominator,
    cast({{ value }} as double) as value,
    {{ unit }} as unit,
    cast({{ lower }} as double) as lower_95,
    cast({{ upper }} as double) as upper_95,
    {{ decimals }} as decimals,
    cast({{ change }} as double) as change,
    cast({{ change_mark }} as varchar) as change_mark,
    cast({{ reason }} as varchar) as status_reason
from {{ relation }}
where {{ where }}
{%- endmacro %}


{# The place of a text among several, from 1; what is not among them comes last. #}
{% macro place_of(expression, texts) -%}
    case {{ expression }}
        {%- for text in texts %} when {{ text_literal(text) }} then {{ loop.index }}{% endfor %} else {{ texts | length + 1 }}
    end
{%- endmacro %}


{# What a factor of an assessment is called, and its place in a table. #}
{% macro factor_name(factor) -%}
    case {{ factor }}
        when 'domestic_violence' then 'Domestic violence'
        when 'substance' then 'Alcohol or drug misuse'
        when 'alcohol' then 'Alcohol misuse'
        when 'drugs' then 'Drug misuse'
        when 'mental_health' then 'Mental ill health'
        when 'disability' then 'Any disability or illness'
        when 'learning_disability' then 'Learning disability'
        when 'physical_disability' then 'Physical disability or illness'
        else {{ factor }}
    end
{%- endmacro %}

{% macro factor_place(factor) -%}
    {{ place_of(factor, [
        'domestic_violence', 'substance', 'alcohol', 'drugs', 'mental_health', 'disability', 'learning_disability',
        'physical_disability',
    ]) }}
{%- endmacro %}


{# Whose factor it is, in words, and its place. #}
{% macro person_name(persons) -%}
    case {{ persons }}
        when 'anyone' then 'Anyone'
        when 'adults' then 'Parent, carer or other person in the household'
        when 'parent' then 'Parent or carer'
        when 'other' then 'Other person in the household'
        when 'child' then 'The child'
        else {{ persons }}
    end
{%- endmacro %}

{% macro person_place(persons) -%}
    {{ place_of(persons, ['anyone', 'child', 'adults', 'parent', 'other']) }}
{%- endmacro %}
