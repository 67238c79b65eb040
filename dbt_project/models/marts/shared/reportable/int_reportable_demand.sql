{#- Offending, adults in treatment, who refers, and demand over years. -#}
with

offending_years as (
    select * from {{ ref('offending_counts') }}
),

last_offending_years as (
    select * from offending_years
    qualify row_number() over (partition by la_code order by calendar_year desc) = 1
),

-- A directory counted once shows no demand over time.
demand_series as (
    select
        *,
        upper(left(regexp_replace(series, '^counted: (service_)?', ''), 1))
        || replace(substr(regexp_replace(series, '^counted: (service_)?', ''), 2), '_', ' ') as series_name,
        series like 'counted: %' as is_directory
    from {{ ref('unmet_demand') }}
    qualify count(*) over (partition by la_code, series) >= 2
),

-- Its rows keep their place over the years, whichever series a year lacks.
demand_in_order as (
    select
        *,
        cast(dense_rank() over (partition by la_code order by is_directory, series_name) as integer) as place
    from demand_series
),

part_years as (
    select
        *,
        case series
            when 'local_referral' then 'Referrals in the local log'
            when 'missing' then 'Missing episodes'
            when 'lado' then 'Allegations against people who work with children'
            else series
        end as series_name,
        extract(year from year_start) + case when extract(month from year_start) > 1 then 1 else 0 end as ends_in
    from {{ ref('same_period_comparison') }}
    where year_kind = 'calendar' and previous_in_part is not null
),

latest_part_years as (
    select
        *,
        {{ place_of('series', ['local_referral', 'missing', 'lado']) }} as place,
        day(year_start) || ' ' || monthname(year_start) || ' to ' || day(part_end) || ' ' || monthname(part_end)
        || ' ' || ends_in as shown_period
    from part_years
    qualify row_number() over (partition by la_code, series order by year_start desc) = 1
),

adults_in_treatment as (
    select
        *,
        {{ place_of('substance_group', ['all', 'alcohol_only', 'other']) }} as place,
        case substance_group
            when 'all' then 'All adults in treatment'
            when 'alcohol_only' then 'Alcohol only'
            when 'other' then 'Other substances'
            else substance_group
        end as substance_name
    from {{ ref('treatment_children') }}
),

-- Only the local log names the staff that the question is about.
referral_sources as (
    select
        *,
        case referral_source
            when 'ld_mh_staff' then 'Learning disability and mental health staff'
            when 'social_care' then 'Social care'
            else upper(left(referral_source, 1)) || substr(referral_source, 2)
        end as source_name,
        {{ place_of('referral_source', [
            'ld_mh_staff', 'health', 'school', 'police', 'social_care', 'housing', 'individual', 'legal', 'other',
            'not recorded', 'not in the log',
        ]) }} as place
    from {{ ref('referral_source_by_factor') }}
    where source_kind = 'local log'
)

{% for place, count, heading in [
    (1, 'persons', 'Persons offending in the year'), (2, 'persons_not_seen_before', 'Of them not seen in an earlier year'),
    (3, 'offences', 'Offences'),
] %}
{{ social_care_figure(
    'offending_counts', 'offending_years', place, text_literal(heading), 'count', count,
    "'offences'" if count == 'offences' else "'persons'", numerator=count,
    lower='persons_lower_95' if count == 'persons' else 'null',
    upper='persons_upper_95' if count == 'persons' else 'null', decimals=0, period='calendar_year',
    period_label='calendar_year::varchar'
) }}
union all
{% endfor %}
{% for place, count, heading in [
    (1, 'distinct_persons_of_all_years', 'Distinct persons over all years'), (2, 'person_years', 'Sum of yearly persons'),
] %}
{{ social_care_figure(
    'offending_counts', 'last_offending_years', place, text_literal(heading), 'count', count, "'persons'",
    line='all_years',
    numerator=count, decimals=0, period='calendar_year',
    period_label="(calendar_year - years + 1) || ' to ' || calendar_year"
) }}
union all
{% endfor %}
{{ social_care_figure(
    'unmet_demand', 'demand_in_order', 'place', 'series_name', 'count', 'events',
    "case when is_directory then 'posts' else 'events' end", numerator='events', lower='events_lower_95',
    upper='events_upper_95', decimals=0, period_label=year_label('reporting_year'), breakdown="'series'",
    breakdown_value='series', column_label="'Count'"
) }}
union all
{{ social_care_figure(
    'same_period_comparison', 'latest_part_years', 'place', 'series_name', 'count', 'events_in_part', "'events'",
    numerator='events_in_part', decimals=0, period='ends_in', period_label='shown_period', breakdown="'series'",
    breakdown_value='series', column_label="'This year'"
) }}
union all
{{ social_care_figure(
    'same_period_comparison', 'latest_part_years', 'place', 'series_name', 'count', 'previous_in_part', "'events'",
    numerator='previous_in_part', decimals=0, period='ends_in', period_label='shown_period', breakdown="'series'",
    breakdown_value='series', column_order=2, column_label="'Same part of the year before'"
) }}
union all
{{ social_care_figure(
    'same_period_comparison', 'latest_part_years', 'place', 'series_name', 'ratio', 'change_percent', "'% change'",
    numerator='events_in_part', denominator='previous_in_part', lower='change_lower_95', upper='change_upper_95',
    period='ends_in', period_label='shown_period', breakdown="'series'", breakdown_value='series', column_order=3,
    column_label="'Change'"
) }}
union all
{{ social_care_figure(
    'treatment_children', 'adults_in_treatment', 'place', 'substance_name', 'percentage', 'share_with_children',
    "'% of adults in treatment'", numerator='clients_with_children', denominator='clients', lower='share_lower_95',
    upper='share_upper_95', breakdown="'substance_group'", breakdown_value='substance_group',
    column_label="'Live with children'"
) }}
union all
{{ social_care_figure(
    'treatment_children', 'adults_in_treatment', 'place', 'substance_name', 'count', 'children', "'children'",
    numerator='children',
    decimals=0, breakdown="'substance_group'", breakdown_value='substance_group', column_order=2,
    column_label="'Children they live with'", where='children is not null'
) }}
union all
{{ social_care_figure(
    'referral_source_by_factor', 'referral_sources', 'place', 'source_name', 'percentage',
    'share_of_parental_mental_health',
    "'% of assessments naming a parent''s mental ill health'", numerator='with_parental_mental_health',
    denominator='all_with_parental_mental_health', lower='share_lower_95', upper='share_upper_95',
    breakdown="'referral_source'", breakdown_value='referral_source',
    column_label="'Assessments naming a parent''s mental ill health'"
) }}
union all
{{ social_care_figure(
    'referral_source_by_factor', 'referral_sources', 'place', 'source_name', 'count', 'referrals', "'referrals'",
    numerator='referrals', decimals=0, breakdown="'referral_source'", breakdown_value='referral_source', column_order=2,
    column_label="'Referrals in the log'", where="referral_source <> 'not in the log'"
) }}
