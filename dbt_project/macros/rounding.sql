{# Half-up rounding on exact integers: numerator / denominator printed with the given decimals.
   Published percentages of the field follow half-up; binary floats would break exact halves (0.285 * 100 = 28.499...).
   Both arguments must be whole numbers of at most 18 digits and not negative; a denominator of 0 gives null.
   `floor` is written as whole-number division, which is the same thing for numbers that are not negative. #}
{% macro round_half_up_ratio(numerator, denominator, decimals=0) -%}
    cast(
        (
            (
                2 * cast({{ numerator }} as hugeint) * {{ power_of_ten(decimals) }}
                + cast({{ denominator }} as hugeint)
            )
            // nullif(2 * cast({{ denominator }} as hugeint), 0)
        ) as double
    ) / {{ power_of_ten(decimals) }}
{%- endmacro %}

{# Half-up rounding of a computed value (a mean, a median, a converted unit). The value is first fixed at nine decimals:
   a fraction with fewer than 500 million in its denominator is either an exact half there or lies further from it than
   the nine decimals can hide, so the binary representation of the value cannot tip the result. Not for negative values. #}
{% macro round_half_up(value, decimals=0) -%}
    cast(
        floor(cast({{ value }} as decimal(28, 9)) * {{ power_of_ten(decimals) }} + 0.5) as double
    ) / {{ power_of_ten(decimals) }}
{%- endmacro %}

{# 1, 10, 100 or 1000: tables print at most three decimals. A number, or the name of a column that holds it. #}
{% macro power_of_ten(decimals) -%}
    {%- if decimals is number -%}
        {{ 10 ** decimals }}
    {%- else -%}
        case {{ decimals }} when 0 then 1 when 1 then 10 when 2 then 100 when 3 then 1000 end
    {%- endif -%}
{%- endmacro %}
