{#- Missing episodes: definitions that do not change, episodes and children, care status. -#}
with

definitions as (
    select
        definition.*,
        population.children as children_0_to_17,
        {{ place_of('definition.definition', [
            'every episode', 'missing or unclassified', 'missing only', 'at least 24 hours',
        ]) }} as place
    from {{ ref('missing_constant_definition') }} as definition
    left join {{ ref('int_child_population') }} as population
        on definition.la_code = population.la_code and definition.reporting_year = population.reporting_year
    where definition.definition in ('every episode', 'missing or unclassified', 'missing only', 'at least 24 hours')
),

last_years as (
    select
        la_code,
        max(reporting_year) as reporting_year
    from {{ ref('missing_constant_definition') }}
    group by la_code
),

-- Months, not years: the estimates stand beside the last year that the months belong to.
steps_in_series as (
    select
        series.*,
        last_years.reporting_year,
        replace(substr(series.term, length('level_change_') + 1), '_', '-') as break_month,
        cast(row_number() over (
            partition by series.la_code, series.definition
            order by series.term
        ) as integer) as place
    from {{ ref('missing_interrupted_series') }} as series
    inner join last_years
        on series.la_code = last_years.la_code
    where series.term like 'level_change_%' and series.definition in ('every episode', 'missing only')
),

-- Whole years only: their periods do not overlap.
children_by_year as (
    select
        *,
        {{ year_to_march('period_end') }} as reporting_year
    from {{ ref('missing_by_child') }}
    where window_id like 'year_%'
),

statuses as (
    select
        *,
        {{ year_to_march('period_end') }} as reporting_year
    from {{ ref('missing_status') }}
    where window_id like 'year_%'
)

{{ social_care_figure(
    'missing_constant_definition', 'definitions', 'place', "upper(left(definition, 1)) || substr(definition,
    2)", 'rate',
    'episodes_per_10000', "'per 10,000 children 0-17'", numerator='episodes', denominator='children_0_to_17',
    lower='rate_lower_95', upper='rate_upper_95', breakdown="'definition'", breakdown_value='definition',
    column_label="'Episodes'", where='children_0_to_17 is not null'
) }}
union all
{{ social_care_figure(
    'missing_constant_definition', 'definitions', 'place', "upper(left(definition, 1)) || substr(definition, 2)",
    'count', 'children', "'children'", numerator='children', decimals=0, breakdown="'definition'",
    breakdown_value='definition', column_order=2, column_label="'Children'"
) }}
union all
{{ social_care_figure(
    'missing_interrupted_series', 'steps_in_series', 'place', "'Step in ' || break_month", 'model', 'estimate',
    "'episodes a month'", lower='lower_95', upper='upper_95', period_label="months || ' months'",
    breakdown="'definition'", breakdown_value='definition'
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 1, "'Episodes'", 'count', 'episodes', "'episodes'",
    numerator='episodes', decimals=0
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 2, "'Children'", 'count', 'children', "'children'",
    numerator='children', decimals=0
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 3, "'Episodes per child'", 'ratio', 'episodes_per_child',
    "'episodes per child'",
    numerator='episodes', denominator='children', decimals=2
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 4, "'Children missing twice or more'", 'percentage',
    'share_with_two_or_more',
    "'% of children'", numerator='children_with_two_or_more', denominator='children', lower='share_lower_95',
    upper='share_upper_95'
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 5, "'Episodes of the tenth of children with most'", 'percentage',
    'share_of_top_tenth', "'% of episodes'", numerator='episodes_of_top_tenth', denominator='episodes',
    lower=wilson_lower('episodes_of_top_tenth', 'episodes'), upper=wilson_upper('episodes_of_top_tenth', 'episodes')
) }}
union all
{{ social_care_figure(
    'missing_by_child', 'children_by_year', 6, "'Episodes of unknown duration'", 'percentage',
    'share_of_unknown_duration',
    "'% of episodes'", numerator='episodes_of_unknown_duration', denominator='episodes',
    lower=wilson_lower('episodes_of_unknown_duration', 'episodes'),
    upper=wilson_upper('episodes_of_unknown_duration', 'episodes')
) }}
union all
{{ social_care_figure(
    'missing_status', 'statuses', place_of('status', [
        'not in care', 'in care', 'in care, residential', 'in care, elsewhere',
    ]), "upper(left(status, 1)) || substr(status, 2)", 'percentage', 'share', "'% of episodes'", numerator='episodes',
    denominator='base', lower='share_lower_95', upper='share_upper_95', breakdown="'status'", breakdown_value='status'
) }}
