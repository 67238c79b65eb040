{#- Risk factors of assessments. Of the marts' bases and persons only what a report prints is taken: every figure more
    is one more that could give a hidden one away. -#}
with

intersections as (
    select
        *,
        list_filter(
            [
                case when has_domestic_violence then 'domestic_violence' end,
                case when has_substance then 'substance' end,
                case when has_mental_health then 'mental_health' end
            ],
            x -> x is not null
        ) as members
    from {{ ref('factor_intersection') }}
    where persons = 'adults' and base_kind = 'with factors recorded'
),

combinations as (
    select
        *,
        case when members = [] then 'none' else array_to_string(members, '+') end as combination,
        case
            when members = [] then 'None of the three'
            else array_to_string(list_transform(members, x -> {{ factor_name('x') }}), ' + ')
        end as combination_name,
        case counted when 'child' then 'children' else 'assessments' end as counted_name,
        -- All three first, none last, between them those of two before those of one.
        cast(row_number() over (
            partition by la_code, reporting_year, counted
            order by factors_present desc, has_domestic_violence desc, has_substance desc
        ) as integer) as place
    from intersections
),

pairs as (
    select
        *,
        first_factor || '+' || second_factor as pair_code
    from {{ ref('factor_pair') }}
    where counted = 'assessment' and persons = 'adults' and base_kind = 'with factors recorded'
),

trends as (
    select * from {{ ref('factor_trend') }}
    where base_kind = 'with factors recorded'
),

recording as (
    select
        la_code,
        reporting_year,
        max(base) filter (where base_kind = 'with factors recorded') as with_factors,
        max(base) filter (where base_kind = 'all') as assessments
    from {{ ref('factor_trend') }}
    group by la_code, reporting_year
),

unions as (
    select * from {{ ref('factor_union') }}
    where persons in ('anyone', 'adults', 'child')
),

disabilities as (
    select * from {{ ref('disability_whose') }}
    where persons <> 'adults'
),

child_substances as (
    select * from {{ ref('child_substance') }}
)

{% for line, counted in [('assessment', 'assessments'), ('child', 'children')] %}
{{ social_care_figure(
    'factor_intersection', 'combinations', 'place', 'combination_name', 'percentage', 'share',
    "'% of " ~ counted ~ "'", line=line, numerator='observed', denominator='base', lower='share_lower_95',
    upper='share_upper_95', breakdown="'combination'", breakdown_value='combination', column_label="'Share'",
    where="counted = '" ~ line ~ "'"
) }}
union all
{{ social_care_figure(
    'factor_intersection', 'combinations', 'place', 'combination_name', 'standardised_ratio', 'observed_over_expected',
    "'observed over expected'", line=line, numerator='observed', denominator='base', lower='ratio_lower_95',
    upper='ratio_upper_95', decimals=2, breakdown="'combination'", breakdown_value='combination', column_order=2,
    column_label="'Observed over expected by chance'", where="counted = '" ~ line ~ "'"
) }}
union all
{% endfor %}
{{ social_care_figure(
    'factor_pair', 'pairs', place_of('pair_code', [
        'domestic_violence+substance', 'domestic_violence+mental_health', 'mental_health+substance',
    ]), factor_name('first_factor') ~ " || ' + ' || " ~ factor_name('second_factor'), 'standardised_ratio',
    'observed_over_expected', "'observed over expected'", numerator='both_present', denominator='base',
    lower='ratio_lower_95', upper='ratio_upper_95', decimals=2, breakdown="'pair'",
    breakdown_value='pair_code', column_label="'Observed over expected by chance'"
) }}
union all
{{ social_care_figure(
    'factor_trend', 'trends', factor_place('factor'), factor_name('factor'), 'percentage', 'share',
    "'% of assessments'",
    numerator='with_factor', denominator='base', lower='share_lower_95', upper='share_upper_95',
    breakdown="'persons'", breakdown_value='persons'
) }}
union all
{{ social_care_figure(
    'factor_trend', 'recording', '1', "'Assessments with factors recorded'", 'percentage',
    '100.0 * with_factors / assessments', "'% of assessments'", line='completeness', numerator='with_factors',
    denominator='assessments', lower=wilson_lower('with_factors', 'assessments'),
    upper=wilson_upper('with_factors', 'assessments')
) }}
{% for place, count, label in [
    (1, 'with_first', factor_name('first_factor')),
    (2, 'with_second', factor_name('second_factor')),
    (3, 'with_both', "'Both'"),
    (4, 'with_either', "'Either, counted once'"),
] %}
union all
{{ social_care_figure(
    'factor_union', 'unions', place, label, 'percentage', '100.0 * ' ~ count ~ ' / base', "'% of assessments'",
    numerator=count, denominator='base', lower=wilson_lower(count, 'base'), upper=wilson_upper(count, 'base'),
    breakdown='union_name', breakdown_value='persons'
) }}
{% endfor %}
union all
{{ social_care_figure(
    'disability_whose', 'disabilities', person_place('persons'), person_name('persons'), 'percentage', 'share',
    "'% of assessments'", numerator='with_factor', denominator='base', lower='share_lower_95', upper='share_upper_95',
    breakdown="'factor'", breakdown_value='factor'
) }}
union all
{{ social_care_figure(
    'child_substance', 'child_substances', place_of('factor', ['alcohol', 'drugs', 'substance']), factor_name('factor'),
    'percentage', 'share', "'% of assessments'", numerator='with_factor', denominator='base', lower='share_lower_95',
    upper='share_upper_95', column_label="'Of assessments'"
) }}
union all
{{ social_care_figure(
    'child_substance', 'child_substances', place_of('factor', ['alcohol', 'drugs', 'substance']), factor_name('factor'),
    'percentage', 'share_of_factors_named', "'% of factors named'", numerator='mentions',
    denominator='factors_named', lower=wilson_lower('mentions', 'factors_named'),
    upper=wilson_upper('mentions', 'factors_named'), column_order=2, column_label="'Of factors named'"
) }}
