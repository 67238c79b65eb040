{#
    Intervals, tests and comparisons of public-health statistics, beside the Wilson interval of interval.sql. Each names
    its source. tests/unit/dbt_project/test_statistics_macros.py holds every one of them against an independent library on
    a grid.
#}


{# ------------------------------------------------------------------------------------------- counts and rates #}

{# Limits of an observed count x, at 95 or 99.8 per cent: exact Poisson below 10 (half the chi-square quantiles with 2x
   and 2x + 2 degrees of freedom, tabled here because an engine has none), Byar's approximation from 10 on.
   [PHEindicatormethods, Fingertips technical guide] A negative or absent count has none: null. #}
{% macro poisson_lower(count, level=95) -%}
    case
        when {{ count }} is null or {{ count }} < 0 then null
        when {{ count }} < 10 then {{ poisson_tabled(count, level, 'lower') }}
        else {{ count }} * power(
            1 - 1 / (9.0 * {{ count }}) - {{ normal_quantile(level) }} / (3.0 * sqrt({{ count }})), 3
        )
    end
{%- endmacro %}

{% macro poisson_upper(count, level=95) -%}
    case
        when {{ count }} is null or {{ count }} < 0 then null
        when {{ count }} < 10 then {{ poisson_tabled(count, level, 'upper') }}
        else ({{ count }} + 1) * power(
            1 - 1 / (9.0 * ({{ count }} + 1)) + {{ normal_quantile(level) }} / (3.0 * sqrt({{ count }} + 1)), 3
        )
    end
{%- endmacro %}

{% macro normal_quantile(level) -%}
    {%- if level == 95 -%}1.959963984540054e0{%- elif level == 99.8 -%}3.090232306167814e0{%- else -%}
        {{ exceptions.raise_compiler_error("Intervals are tabled for 95 and 99.8 per cent, not for " ~ level) }}
    {%- endif -%}
{%- endmacro %}

{# Exact Poisson limits of 0 to 9: chi-square quantiles at a/2 with 2x and at 1 - a/2 with 2x + 2 degrees of freedom,
   halved. The test of this file works them out again. #}
{% macro poisson_tabled(count, level, side) -%}
    {%- set limits = {
        95: {
            'lower': [
                0.0, 0.025317807984, 0.242209278544, 0.618672122896, 1.089865373626,
                1.623486390118, 2.201894253491, 2.814363051520, 3.453832176748, 4.115373097378
            ],
            'upper': [
                3.688879454114, 5.571643390939, 7.224687667724, 8.767273069742, 10.241588675404,
                11.668332079323, 13.059474022519, 14.422675361702, 15.763189220193, 17.084803451419
            ],
        },
        99.8: {
            'lower': [
                0.0, 0.001000500334, 0.045402017769, 0.190533377568, 0.428552413628,
                0.739371731918, 1.107104660256, 1.520336260399, 1.970813921740, 2.452424404364
            ],
            'upper': [
                6.907755278982, 9.233413476452, 11.228872242413, 13.062240779188, 14.794149222537,
                16.454745203680, 18.061636840199, 19.626177395384, 21.156198165840, 22.657373309063
            ],
        },
    } -%}
    case {{ count }}
        {%- for limit in limits[level][side] %} when {{ loop.index0 }} then {{ limit }}{% endfor %}
    end
{%- endmacro %}

{# A rate: count over denominator, times a multiplier; its limits are those of the count. More events than people is
   allowed. Null where the denominator is absent or not above zero. [PHEindicatormethods] #}
{% macro rate(count, denominator, multiplier) -%}
    case when {{ denominator }} > 0 then cast({{ multiplier }} as double) * {{ count }} / {{ denominator }} end
{%- endmacro %}

{% macro rate_lower(count, denominator, multiplier, level=95) -%}
    case
        when {{ denominator }} > 0
            then cast({{ multiplier }} as double) * ({{ poisson_lower(count, level) }}) / {{ denominator }}
    end
{%- endmacro %}

{% macro rate_upper(count, denominator, multiplier, level=95) -%}
    case
        when {{ denominator }} > 0
            then cast({{ multiplier }} as double) * ({{ poisson_upper(count, level) }}) / {{ denominator }}
    end
{%- endmacro %}

{# Indirectly standardised ratio: observed over expected, the expected taken as known; Byar's limits on the observed.
   [methods of the Office for Health Improvement and Disparities; PHEindicatormethods] #}
{% macro standardised_ratio(observed, expected) -%}
    {{ rate(observed, expected, 1) }}
{%- endmacro %}

{% macro standardised_ratio_lower(observed, expected, level=95) -%}
    {{ rate_lower(observed, expected, 1, level) }}
{%- endmacro %}

{% macro standardised_ratio_upper(observed, expected, level=95) -%}
    {{ rate_upper(observed, expected, 1, level) }}
{%- endmacro %}


{# ------------------------------------------------------------------------------------------ differences #}

{# Limits of a difference of two independent figures from the limits of each: Newcombe's hybrid score interval where
   those are Wilson's, and the same construction (method of variance estimates recovery) for rates with Byar's.
   [Newcombe 1998, method 10; Donner and Zou 2012] #}
{% macro difference_lower(value, lower, other_value, other_upper) -%}
    ({{ value }} - {{ other_value }})
    - sqrt(power({{ value }} - {{ lower }}, 2) + power({{ other_upper }} - {{ other_value }}, 2))
{%- endmacro %}

{% macro difference_upper(value, upper, other_value, other_lower) -%}
    ({{ value }} - {{ other_value }})
    + sqrt(power({{ upper }} - {{ value }}, 2) + power({{ other_value }} - {{ other_lower }}, 2))
{%- endmacro %}


{# ------------------------------------------------------------------------------------------ trends #}

{# Chi-square for trend on one degree of freedom over five equally spaced years, from the counts and denominators of the
   years, oldest first: of proportions only (Cochran-Armitage), never of counts. [Fingertips: recent trends; Armitage 1955]
   Null where a count is absent, a denominator is not above zero, or all counts (or all their complements) are zero. #}
{% macro chi_square_for_trend(counts, denominators) -%}
    {%- set total_count = '(' ~ counts | join(' + ') ~ ')' -%}
    {%- set total = '(' ~ denominators | join(' + ') ~ ')' -%}
    {%- set ts = [] -%}{%- set tn = [] -%}{%- set ttn = [] -%}{%- set unusable = [] -%}
    {%- for count in counts -%}
        {%- set year = loop.index0 - 2 -%}
        {%- do ts.append(year ~ ' * ' ~ count) -%}
        {%- do tn.append(year ~ ' * ' ~ denominators[loop.index0]) -%}
        {%- do ttn.append(year * year ~ ' * ' ~ denominators[loop.index0]) -%}
        {%- do unusable.append(count ~ ' is null or coalesce(' ~ denominators[loop.index0] ~ ', 0) <= 0') -%}
    {%- endfor -%}
    {%- set mean = '(cast(' ~ total_count ~ ' as double) / ' ~ total ~ ')' -%}
    case
        when {{ unusable | join(' or ') }} then null
        else power(({{ ts | join(' + ') }}) - ({{ tn | join(' + ') }}) * {{ mean }}, 2)
            / nullif(
                {{ mean }} * (1 - {{ mean }})
                * (({{ ttn | join(' + ') }}) - power({{ tn | join(' + ') }}, 2) / cast({{ total }} as double)),
                0
            )
    end
{%- endmacro %}

{# 1, -1 or 0: whether each of the five straight lines that leave out one of five yearly values rises, falls, or neither
   does for all of them. [Fingertips: recent trends] #}
{% macro leave_one_out_direction(values) -%}
    {%- set slopes = [] -%}
    {%- for left_out in range(5) -%}
        {%- set terms = [] -%}
        {#- Four times the distance of each remaining year from their mean: a whole number, so nothing is rounded. -#}
        {%- for year in range(5) if year != left_out -%}
            {%- do terms.append((4 * year - (10 - left_out)) ~ ' * ' ~ values[year]) -%}
        {%- endfor -%}
        {%- do slopes.append('(' ~ terms | join(' + ') ~ ')') -%}
    {%- endfor -%}
    case
        when least({{ slopes | join(', ') }}) > 0 then 1
        when greatest({{ slopes | join(', ') }}) < 0 then -1
        else 0
    end
{%- endmacro %}

{# The recent trend in words: significant where chi-square exceeds 9.549535706 (99.8 per cent) and all five lines agree.
   [Fingertips: recent trends] #}
{% macro recent_trend(chi_square, direction, polarity) -%}
    case
        when {{ chi_square }} is null or {{ direction }} is null then 'cannot be calculated'
        when {{ chi_square }} <= {{ trend_threshold() }} or {{ direction }} = 0 then 'no significant change'
        when {{ polarity }} = 'none' or {{ polarity }} is null
            then case {{ direction }} when 1 then 'increasing' else 'decreasing' end
        else
            case {{ direction }} when 1 then 'increasing' else 'decreasing' end
            || case
                when ({{ direction }} = 1) = ({{ polarity }} = 'higher') then ' and getting better'
                else ' and getting worse'
            end
    end
{%- endmacro %}

{% macro trend_threshold() -%}9.549535706{%- endmacro %}

{# Words for a fitted line as needs assessments use them: two bands of r-squared have one, the others none. #}
{% macro r_squared_words(r_squared, slope) -%}
    case
        when {{ r_squared }} is null then null
        when {{ r_squared }} > 0.1 and {{ r_squared }} < 0.3
            then 'weak ' || case when {{ slope }} < 0 then 'downward' else 'upward' end || ' trend'
        when {{ r_squared }} > 0.7 and {{ r_squared }} < 0.9
            then 'strong ' || case when {{ slope }} < 0 then 'downward' else 'upward' end || ' trend'
        else 'no usual word'
    end
{%- endmacro %}


{# ------------------------------------------------------------------------------------------ benchmarks #}

{# An area against a benchmark: its interval at 95 per cent against the benchmark's point value, the limits included in
   similar. [Fingertips: comparison with a benchmark] #}
{% macro against_benchmark(value, lower, upper, benchmark) -%}
    case
        when {{ value }} is null or {{ lower }} is null or {{ upper }} is null or {{ benchmark }} is null
            then 'not compared'
        when {{ benchmark }} < {{ lower }} then 'higher'
        when {{ benchmark }} > {{ upper }} then 'lower'
        else 'similar'
    end
{%- endmacro %}

{# The same as better or worse, where one direction is the better one. #}
{% macro judged_against_benchmark(comparison, polarity) -%}
    case
        when {{ comparison }} not in ('higher', 'lower') then {{ comparison }}
        when {{ polarity }} is null or {{ polarity }} = 'none' then 'not judged'
        when {{ comparison }} = {{ polarity }} then 'better'
        else 'worse'
    end
{%- endmacro %}
