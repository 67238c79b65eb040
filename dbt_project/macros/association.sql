{#
    Association of two yes-or-no facts, agreement, and trend over any number of years: what answers to the open questions
    of needs assessments need beside statistics.sql. A two-by-two table is given as four counts: both, first only,
    second only, neither. tests/unit/dbt_project/test_association_macros.py holds every macro against an independent
    library.
#}


{# The correlation of two yes-or-no facts; null where one of them never or always holds. #}
{% macro phi(both, first_only, second_only, neither) -%}
    (cast({{ both }} as double) * {{ neither }} - cast({{ first_only }} as double) * {{ second_only }})
    / nullif(
        sqrt(cast({{ both }} + {{ first_only }} as double) * ({{ second_only }} + {{ neither }}))
        * sqrt(cast({{ both }} + {{ second_only }} as double) * ({{ first_only }} + {{ neither }})),
        0
    )
{%- endmacro %}

{# Limits of a correlation by Fisher's transformation; `side` is -1 for the lower, 1 for the upper. #}
{% macro correlation_limit(correlation, n, side) -%}
    case
        when {{ n }} > 3 and abs({{ correlation }}) < 1
            then tanh(atanh({{ correlation }}) + {{ side }} * {{ normal_quantile(95) }} / sqrt({{ n }} - 3))
    end
{%- endmacro %}

{# Half is added to every cell where one is empty. [Haldane 1956, Anscombe 1956] #}
{% macro half_where_empty(both, first_only, second_only, neither) -%}
    case when least({{ both }}, {{ first_only }}, {{ second_only }}, {{ neither }}) = 0 then 0.5 else 0.0 end
{%- endmacro %}

{% macro odds_ratio(both, first_only, second_only, neither) -%}
    {%- set half = half_where_empty(both, first_only, second_only, neither) -%}
    ({{ both }} + {{ half }}) * ({{ neither }} + {{ half }})
    / (({{ first_only }} + {{ half }}) * ({{ second_only }} + {{ half }}))
{%- endmacro %}

{# Woolf's interval, on the logarithm. [Woolf 1955] #}
{% macro odds_ratio_limit(both, first_only, second_only, neither, side) -%}
    {%- set half = half_where_empty(both, first_only, second_only, neither) -%}
    ({{ odds_ratio(both, first_only, second_only, neither) }}) * exp(
        {{ side }} * {{ normal_quantile(95) }} * sqrt(
            1 / ({{ both }} + {{ half }}) + 1 / ({{ first_only }} + {{ half }})
            + 1 / ({{ second_only }} + {{ half }}) + 1 / ({{ neither }} + {{ half }})
        )
    )
{%- endmacro %}

{# Risk among `base` against risk among `other_base`; interval on the logarithm. [Katz and others 1978] #}
{% macro risk_ratio(count, base, other_count, other_base) -%}
    (cast({{ count }} as double) / nullif({{ base }}, 0))
    / nullif(cast({{ other_count }} as double) / nullif({{ other_base }}, 0), 0)
{%- endmacro %}

{% macro risk_ratio_limit(count, base, other_count, other_base, side) -%}
    case
        when {{ count }} > 0 and {{ other_count }} > 0
            then ({{ risk_ratio(count, base, other_count, other_base) }}) * exp(
                {{ side }} * {{ normal_quantile(95) }} * sqrt(
                    1.0 / {{ count }} - 1.0 / {{ base }} + 1.0 / {{ other_count }} - 1.0 / {{ other_base }}
                )
            )
    end
{%- endmacro %}

{# Agreement of two sources beyond chance. [Cohen 1960] Null where both say the same of everybody. #}
{% macro kappa(both, first_only, second_only, neither) -%}
    {%- set n = '(' ~ both ~ ' + ' ~ first_only ~ ' + ' ~ second_only ~ ' + ' ~ neither ~ ')' -%}
    {%- set chance = kappa_chance(both, first_only, second_only, neither) -%}
    (cast({{ both }} + {{ neither }} as double) / nullif({{ n }}, 0) - {{ chance }}) / nullif(1 - {{ chance }}, 0)
{%- endmacro %}

{% macro kappa_chance(both, first_only, second_only, neither) -%}
    {%- set n = '(' ~ both ~ ' + ' ~ first_only ~ ' + ' ~ second_only ~ ' + ' ~ neither ~ ')' -%}
    ((cast({{ both }} + {{ first_only }} as double) * ({{ both }} + {{ second_only }})
    + cast({{ second_only }} + {{ neither }} as double) * ({{ first_only }} + {{ neither }}))
    / nullif(cast({{ n }} as double) * {{ n }}, 0))
{%- endmacro %}

{# Large-sample standard error of kappa, in terms of columns: the four counts and `value`, the kappa itself.
   [Fleiss, Cohen and Everitt 1969] #}
{% macro kappa_error(both, first_only, second_only, neither, value) -%}
    {%- set n = 'cast(' ~ both ~ ' + ' ~ first_only ~ ' + ' ~ second_only ~ ' + ' ~ neither ~ ' as double)' -%}
    {%- set chance = kappa_chance(both, first_only, second_only, neither) -%}
    {%- set yes = '(2 * ' ~ both ~ ' + ' ~ first_only ~ ' + ' ~ second_only ~ ')' -%}
    {%- set no = '(2 * ' ~ neither ~ ' + ' ~ first_only ~ ' + ' ~ second_only ~ ')' -%}
    sqrt(greatest(
        {{ both }} / {{ n }} * power(1 - {{ yes }} / {{ n }} * (1 - {{ value }}), 2)
        + {{ neither }} / {{ n }} * power(1 - {{ no }} / {{ n }} * (1 - {{ value }}), 2)
        + power(1 - {{ value }}, 2) * (
            {{ first_only }} / {{ n }} * power((2 * {{ second_only }} + {{ both }} + {{ neither }}) / {{ n }}, 2)
            + {{ second_only }} / {{ n }} * power((2 * {{ first_only }} + {{ both }} + {{ neither }}) / {{ n }}, 2)
        )
        - power({{ value }} - {{ chance }} * (1 - {{ value }}), 2),
        0
    ) / {{ n }}) / nullif(1 - {{ chance }}, 0)
{%- endmacro %}

{# Chi-square for trend on one degree of freedom, as an aggregate over the rows of a series: any number of years,
   equally spaced or not. Of proportions only (Cochran-Armitage). [Armitage 1955] #}
{% macro chi_square_for_trend_over(count, base, year) -%}
    {%- set score = '(' ~ year ~ ' - 2000)' -%}
    {%- set mean = '(sum(' ~ count ~ ') / nullif(cast(sum(' ~ base ~ ') as double), 0))' -%}
    power(sum({{ score }} * {{ count }}) - sum({{ score }} * {{ base }}) * {{ mean }}, 2)
    / nullif(
        {{ mean }} * (1 - {{ mean }})
        * (
            sum({{ score }} * {{ score }} * {{ base }})
            - power(sum({{ score }} * {{ base }}), 2) / nullif(cast(sum({{ base }}) as double), 0)
        ),
        0
    )
{%- endmacro %}

{# r-squared of the straight line through the rows of a series; null where all lie level. #}
{% macro r_squared_over(value, year, window='') -%}
    case
        when regr_syy({{ value }}, {{ year }}) {{ window }} > 0 and regr_sxx({{ value }}, {{ year }}) {{ window }} > 0
            then {{ nine_decimals('regr_r2(' ~ value ~ ', ' ~ year ~ ') ' ~ window) }}
    end
{%- endmacro %}

{# Its slope; null where there is one year only. #}
{% macro slope_over(value, year, window='') -%}
    case
        when regr_sxx({{ value }}, {{ year }}) {{ window }} > 0
            then {{ nine_decimals('regr_slope(' ~ value ~ ', ' ~ year ~ ') ' ~ window) }}
    end
{%- endmacro %}

{# What comes of adding up in another order differs in the last digits; nine decimals do not. #}
{% macro nine_decimals(value) -%}
    cast(cast({{ value }} as decimal(28, 9)) as double)
{%- endmacro %}

{# The two-sided probability of a chi-square on one degree of freedom as large or larger: the complementary error
   function of the root of its half, by an approximation right to one in ten million. [Numerical Recipes, erfcc]
   Without a chi-square there is no probability; `least` alone would pass the null over and say 1. #}
{% macro p_of_chi_square(chi_square) -%}
    {%- set z = 'sqrt((' ~ chi_square ~ ') / 2.0)' -%}
    {%- set t = '(1.0 / (1.0 + 0.5 * ' ~ z ~ '))' -%}
    {%- set terms = [
        '1.00002368', '0.37409196', '0.09678418', '-0.18628806', '0.27886807', '-1.13520398', '1.48851587',
        '-0.82215223'
    ] -%}
    case
        when ({{ chi_square }}) is not null then least(1.0, {{ t }} * exp(-({{ chi_square }}) / 2.0 - 1.26551223
            {%- for term in terms %} + {{ t }} * ({{ term }}{% endfor %} + {{ t }} * 0.17087277
            {%- for term in terms %}){% endfor %}))
    end
{%- endmacro %}
