{# Wilson score interval of a proportion, in per cent, without continuity correction
   (Wilson 1927; the form of PHEindicatormethods and Fingertips). z = 1.959964 is 95 %.
   The limits at x = 0 and x = n are exact, not whatever the square root leaves over.
   An empty base, or a count outside its base, has no interval: null. #}
{% macro wilson_lower(count, base, z=1.959964) -%}
    case
        when {{ wilson_is_undefined(count, base) }} then null
        when {{ count }} = 0 then 0.0
        else 100.0 * ({{ wilson_middle(count, z) }} - {{ wilson_spread(count, base, z) }})
            / (2 * ({{ base }} + {{ z * z }}))
    end
{%- endmacro %}

{% macro wilson_upper(count, base, z=1.959964) -%}
    case
        when {{ wilson_is_undefined(count, base) }} then null
        when {{ count }} = {{ base }} then 100.0
        else 100.0 * ({{ wilson_middle(count, z) }} + {{ wilson_spread(count, base, z) }})
            / (2 * ({{ base }} + {{ z * z }}))
    end
{%- endmacro %}

{% macro wilson_is_undefined(count, base) -%}
    {{ count }} is null or {{ base }} is null or {{ base }} <= 0 or {{ count }} < 0 or {{ count }} > {{ base }}
{%- endmacro %}

{% macro wilson_middle(count, z) -%}
    (2 * {{ count }} + {{ z * z }})
{%- endmacro %}

{% macro wilson_spread(count, base, z) -%}
    ({{ z }} * sqrt({{ z * z }} + 4 * {{ count }} * (1 - cast({{ count }} as double) / {{ base }})))
{%- endmacro %}
