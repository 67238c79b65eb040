{#
    Tests of differences: of two independent proportions, and of the same children asked twice. A table of pairs is given
    as four counts: yes both times, yes the first time only, yes the second time only, neither time.
    tests/unit/dbt_project/test_paired_macros.py holds every macro against an independent library.
#}


{# ------------------------------------------------------------------------------------------ two groups #}

{# Chi-square on one degree of freedom of the two-sided z test of two independent proportions, their variance pooled.
   Null without a base on both sides, and where nobody or everybody says yes on both: there is nothing to test.
   [Fleiss, Statistical methods for rates and proportions] #}
{% macro chi_square_of_difference(count, base, other_count, other_base) -%}
    {%- set pooled = '(cast(' ~ count ~ ' + ' ~ other_count ~ ' as double) / (' ~ base ~ ' + ' ~ other_base ~ '))' -%}
    case
        when coalesce({{ base }}, 0) <= 0 or coalesce({{ other_base }}, 0) <= 0 then null
        when {{ count }} + {{ other_count }} in (0, {{ base }} + {{ other_base }}) then null
        else power(cast({{ count }} as double) / {{ base }} - cast({{ other_count }} as double) / {{ other_base }}, 2)
            / ({{ pooled }} * (1 - {{ pooled }}) * (1.0 / {{ base }} + 1.0 / {{ other_base }}))
    end
{%- endmacro %}

{# What a change is called: one only where its interval leaves zero out. #}
{% macro change_mark(lower, upper) -%}
    case
        when {{ lower }} is null or {{ upper }} is null then 'not compared'
        when {{ lower }} > 0 then 'increase'
        when {{ upper }} < 0 then 'decrease'
        else 'no clear change'
    end
{%- endmacro %}

{# What a difference from others is called, by the same rule. #}
{% macro comparison_word(lower, upper) -%}
    case
        when {{ lower }} is null or {{ upper }} is null then 'not compared'
        when {{ lower }} > 0 then 'higher'
        when {{ upper }} < 0 then 'lower'
        else 'similar'
    end
{%- endmacro %}


{# ------------------------------------------------------------------------------------------ the same children twice #}

{# Correlation of the two answers with Newcombe's correction for continuity: a positive association is drawn in by half
   the pairs, down to none at most. Zero where one of the answers never or always is yes. #}
{% macro paired_correlation(both, first_only, second_only, neither) -%}
    {%- set n = '(' ~ [both, first_only, second_only, neither] | join(' + ') ~ ')' -%}
    {%- set product = '(cast(' ~ both ~ ' as double) * ' ~ neither ~ ' - cast(' ~ first_only ~ ' as double) * '
        ~ second_only ~ ')' -%}
    coalesce(
        case when {{ product }} > 0 then greatest({{ product }} - {{ n }} / 2.0, 0) else {{ product }} end
        / nullif(
            sqrt(cast({{ both }} + {{ first_only }} as double) * ({{ second_only }} + {{ neither }}))
            * sqrt(cast({{ both }} + {{ second_only }} as double) * ({{ first_only }} + {{ neither }})),
            0
        ),
        0
    )
{%- endmacro %}

{# Limits of the change from the first to the second time, from both shares and their Wilson limits (columns, in per cent)
   and the correlation of the answers (a column): Newcombe's square-and-add interval for pairs.
   [Newcombe 1998, Statistics in Medicine 17:2635, method 10] #}
{% macro paired_difference_lower(first, first_upper, second, second_lower, correlation) -%}
    {{ second }} - {{ first }} - {{ paired_spread(
        second ~ ' - ' ~ second_lower, first_upper ~ ' - ' ~ first, correlation
    ) }}
{%- endmacro %}

{% macro paired_difference_upper(first, first_lower, second, second_upper, correlation) -%}
    {{ second }} - {{ first }} + {{ paired_spread(
        second_upper ~ ' - ' ~ second, first ~ ' - ' ~ first_lower, correlation
    ) }}
{%- endmacro %}

{# The sum under the root is a square of sides and an angle; rounding may leave it a hair below zero. #}
{% macro paired_spread(side, other_side, correlation) -%}
    sqrt(greatest(
        power({{ side }}, 2) - 2 * {{ correlation }} * ({{ side }}) * ({{ other_side }}) + power({{ other_side }}, 2), 0
    ))
{%- endmacro %}

{# McNemar's test of the pairs that changed: which test, and its two-sided probability. Exact binomial below 25 such
   pairs, the square of their difference over their sum on one degree of freedom from there on, none without any.
   [McNemar 1947] #}
{% macro mcnemar_test(first_only, second_only) -%}
    case
        when {{ first_only }} + {{ second_only }} > 0 and {{ first_only }} + {{ second_only }} < 25 then 'exact binomial'
        when {{ first_only }} + {{ second_only }} >= 25 then 'chi-square'
        else 'no test'
    end
{%- endmacro %}

{% macro mcnemar_p_value(first_only, second_only) -%}
    case
        when {{ first_only }} + {{ second_only }} > 0 and {{ first_only }} + {{ second_only }} < 25
            then least(1.0, 2.0 * ({{ binomial_tail(first_only, second_only) }}) / power(2.0, {{ first_only }} + {{ second_only }}))
        when {{ first_only }} + {{ second_only }} >= 25
            then {{ p_of_chi_square(
                'power(cast(' ~ first_only ~ ' as double) - ' ~ second_only ~ ', 2) / ('
                ~ first_only ~ ' + ' ~ second_only ~ ')'
            ) }}
    end
{%- endmacro %}

{# Ways to draw the smaller of two counts or fewer out of their sum, for sums below 25: whole numbers, so exact. #}
{% macro binomial_tail(count, other_count) -%}
    {%- set total = '(' ~ count ~ ' + ' ~ other_count ~ ')' -%}
    {%- for drawn in range(13) -%}
        {%- if not loop.first %} + {% endif -%}
        case
            when least({{ count }}, {{ other_count }}) >= {{ drawn }}
                then factorial(cast({{ total }} as integer))
                    // (factorial({{ drawn }}) * factorial(cast({{ total }} - {{ drawn }} as integer)))
            else 0
        end
    {%- endfor -%}
{%- endmacro %}
