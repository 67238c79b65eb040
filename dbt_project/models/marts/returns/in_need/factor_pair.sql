{%- set pairs = [
    ('domestic_violence', 'substance'), ('domestic_violence', 'mental_health'), ('substance', 'mental_health')
] -%}
{%- set cells = ['both_present', 'first_only', 'second_only', 'neither'] -%}
with

intersections as (
    select * from {{ ref('factor_intersection') }}
),

pair_tables as (
    {%- for first, second in pairs %}
    select
        la_code,
        reporting_year,
        counted,
        persons,
        base_kind,
        '{{ first }}' as first_factor,
        '{{ second }}' as second_factor,
        cast(coalesce(sum(observed) filter (where has_{{ first }} and has_{{ second }}), 0) as bigint)
            as both_present,
        cast(coalesce(sum(observed) filter (where has_{{ first }} and not has_{{ second }}), 0) as bigint)
            as first_only,
        cast(coalesce(sum(observed) filter (where not has_{{ first }} and has_{{ second }}), 0) as bigint)
            as second_only,
        cast(coalesce(sum(observed) filter (where not (has_{{ first }} or has_{{ second }})), 0) as bigint)
            as neither
    from intersections
    group by la_code, reporting_year, counted, persons, base_kind
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

compared_pairs as (
    select
        *,
        both_present + first_only + second_only + neither as base,
        cast(both_present + first_only as double) * (both_present + second_only)
        / (both_present + first_only + second_only + neither) as expected_both,
        {{ phi(*cells) }} as phi
    from pair_tables
)

select
    la_code,
    reporting_year,
    counted,
    persons,
    base_kind,
    first_factor,
    second_factor,
    both_present,
    first_only,
    second_only,
    neither,
    base,
    expected_both,
    {{ standardised_ratio('both_present', 'expected_both') }} as observed_over_expected,
    {{ standardised_ratio_lower('both_present', 'expected_both') }} as ratio_lower_95,
    {{ standardised_ratio_upper('both_present', 'expected_both') }} as ratio_upper_95,
    phi,
    {{ correlation_limit('phi', 'base', -1) }} as phi_lower_95,
    {{ correlation_limit('phi', 'base', 1) }} as phi_upper_95,
    {{ odds_ratio(*cells) }} as odds_ratio,
    {{ odds_ratio_limit(*(cells + [-1])) }} as odds_ratio_lower_95,
    {{ odds_ratio_limit(*(cells + [1])) }} as odds_ratio_upper_95
from compared_pairs
