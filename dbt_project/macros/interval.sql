{# Wilson score interval of a proportion, in per cent, without continuity correction
   (Wilson 1927; the form of PHEindicatormethods and Fingertips). z = 1.959963984540054 is 95 %.
   The limits at x = 0 and x = n are exact, not whatever the square root leaves over.
   An empty base, or a count outside its base, has no interval: null. The `e0` makes a double of a literal: as a decimal
   all the digits of z would leave no room for a count of three. #}
{% macro wilson_lower(count, base, z=1.959963984540054) -%}
    case
        when {{ wilson_is_undefined(count, base) }} then null
        when {{ count }} = 0 then 0.0
        else 100.0 * ({{ wilson_middle(count, z) }} - {{ wilson_spread(count, base, z) }})
            / (2 * ({{ base }} + {{ z * z }}e0))
    end
{%- endmacro %}

{% macro wilson_upper(count, base, z=1.959963984540054) -%}
    case
        when {{ wilson_is_undefined(count, base) }} then null
        when {{ count }} = {{ base }} then 100.0
        else 100.0 * ({{ wilson_middle(count, z) }} + {{ wilson_spread(count, base, z) }})
            / (2 * ({{ base }} + {{ z * z }}e0))
    end
{%- endmacro %}

{# Limits of chance of a share under a base, in per cent: where an area of that size would lie, were its share the
   benchmark's. p - and + z * sqrt(p * (1 - p) / n), cut at 0 and 100; not the area's own interval. [Fingertips: funnel
   plots] Null where the base is empty or the share is none. `side` is -1 for the lower limit, 1 for the upper. #}
{% macro funnel_limit(share, base, side, z=3.090232306167814) -%}
    case
        when {{ base }} > 0 and {{ share }} between 0 and 100
            then least(100.0, greatest(
                0.0, {{ share }} + {{ side }} * {{ z }}e0 * sqrt({{ share }} * (100.0 - {{ share }}) / {{ base }})
            ))
    end
{%- endmacro %}

{% macro wilson_is_undefined(count, base) -%}
    {{ count }} is null or {{ base }} is null or {{ base }} <= 0 or {{ count }} < 0 or {{ count }} > {{ base }}
{%- endmacro %}

{% macro wilson_middle(count, z) -%}
    (2 * {{ count }} + {{ z * z }}e0)
{%- endmacro %}

{% macro wilson_spread(count, base, z) -%}
    ({{ z }}e0 * sqrt({{ z * z }}e0 + 4 * {{ count }} * (1 - cast({{ count }} as double) / {{ base }})))
{%- endmacro %}
