{#- Care, return home, and groups of children among those involved. -#}
with

returns_home as (
    select * from {{ ref('return_home') }}
),

last_years as (
    select
        la_code,
        max(reporting_year) as last_year
    from returns_home
    group by la_code
),

-- The curve covers all years of the returns together, so it stands beside the last of them.
curve as (
    select
        curve.*,
        last_years.last_year
    from {{ ref('reentry_curve') }} as curve
    inner join last_years
        on curve.la_code = last_years.la_code
),

needs as (
    select
        *,
        case need_kind
            when 'any' then 'Any special educational need'
            when 'provision' then
                case need
                    when 'K' then 'Support'
                    when 'E' then 'Education, health and care plan'
                    when 'S' then 'Statement'
                    else need
                end
        end as need_name,
        {{ place_of('need', ['any', 'K', 'E', 'S']) }} as need_place,
        {{ place_of('involvement', [
            'referred in the year', 'in need on 31 March', 'on a plan on 31 March', 'in care on 31 March',
        ]) }} as involvement_place
    from {{ ref('send_representation') }}
    where need_kind in ('any', 'provision')
),

child_groups as (
    select
        *,
        case group_kind when 'unaccompanied' then 'unaccompanied' else 'ethnic_group' end as group_code,
        case involvement
            when 'referred in the year' then {{ year_label('reporting_year') }} else {{ day_label('reporting_year') }}
        end as shown_period,
        cast(row_number() over (
            partition by la_code, reporting_year, involvement, group_kind
            order by
                group_name in ('Unknown', 'Any other ethnic group', 'Other', 'other'),
                group_name = 'Unknown',
                group_name
        ) as integer) as place
    from {{ ref('population_groups') }}
    where group_kind in ('ethnic group', 'unaccompanied')
)

{{ social_care_figure(
    'return_home', 'returns_home', place_of('return_kind', [
        'planned', 'unplanned', 'no_parental_responsibility', 'did not return home',
    ]),
    "case return_kind
        when 'planned' then 'Home, as planned'
        when 'unplanned' then 'Home, not as planned'
        when 'no_parental_responsibility' then 'To a relative or other person without parental responsibility'
        else 'Did not return home'
    end",
    'percentage', 'share', "'% of children ceasing care'", numerator='periods_ended', denominator='base',
    lower='share_lower_95', upper='share_upper_95', breakdown="'return_kind'", breakdown_value='return_kind',
    column_label="'Share'"
) }}
union all
{{ social_care_figure(
    'return_home', 'returns_home', place_of('return_kind', [
        'planned', 'unplanned', 'no_parental_responsibility', 'did not return home',
    ]),
    "case return_kind
        when 'planned' then 'Home, as planned'
        when 'unplanned' then 'Home, not as planned'
        when 'no_parental_responsibility' then 'To a relative or other person without parental responsibility'
        else 'Did not return home'
    end",
    'median', 'median_days_in_care', "'days'", denominator='periods_ended', decimals=0, breakdown="'return_kind'",
    breakdown_value='return_kind', column_order=2, column_label="'Median days in care'"
) }}
union all
{{ social_care_figure(
    'reentry_curve', 'curve', 'months', "months || ' months'", 'estimate', 'came_back_share', "'% of returns home'",
    numerator='came_back', denominator='returns', lower='share_lower_95', upper='share_upper_95', period='last_year',
    period_label="'all years to ' || " ~ day_label('last_year'), breakdown="'return_kind'",
    breakdown_value='return_kind', column_label="'Back in care by then'"
) }}
union all
{{ social_care_figure(
    'reentry_curve', 'curve', 'months', "months || ' months'", 'count', 'came_back_in_interval', "'children'",
    numerator='came_back_in_interval', decimals=0, period='last_year',
    period_label="'all years to ' || " ~ day_label('last_year'), breakdown="'return_kind'",
    breakdown_value='return_kind', column_order=2, column_label="'Came back in these months'", where='months > 0'
) }}
union all
{{ social_care_figure(
    'reentry_curve', 'curve', 'months', "months || ' months'", 'count', 'still_followed', "'children'",
    numerator='still_followed', decimals=0, period='last_year',
    period_label="'all years to ' || " ~ day_label('last_year'), breakdown="'return_kind'",
    breakdown_value='return_kind', column_order=3, column_label="'Still followed'"
) }}
union all
{{ social_care_figure(
    'send_representation', 'needs', 'need_place', 'need_name', 'standardised_ratio', 'standardised_ratio',
    "'standardised ratio'", numerator='observed', denominator='pupils', lower='ratio_lower_95',
    upper='ratio_upper_95', decimals=2, breakdown="'involvement'", breakdown_value='involvement',
    column_label="'Standardised ratio'"
) }}
union all
{{ social_care_figure(
    'send_representation', 'needs', 'involvement_place', 'involvement', 'percentage', 'unlinked_share',
    "'% of children of school age'", line='unlinked', numerator='unlinked_children',
    denominator='children_of_school_age', lower=wilson_lower('unlinked_children', 'children_of_school_age'),
    upper=wilson_upper('unlinked_children', 'children_of_school_age'), where="need_kind = 'any'"
) }}
{% for column, value, heading in [
    (2, 'ratio_if_no_unlinked_has_it', 'If no unlinked child had it'),
    (3, 'ratio_if_every_unlinked_has_it', 'If every unlinked child had it'),
] %}
union all
{{ social_care_figure(
    'send_representation', 'needs', 'need_place', 'need_name', 'ratio', value, "'standardised ratio'",
    numerator='observed', denominator='unlinked_children', decimals=2, breakdown="'involvement'",
    breakdown_value='involvement', column_order=column, column_label=text_literal(heading), where="need_kind = 'any'"
) }}
{% endfor %}
union all
{{ social_care_figure(
    'population_groups', 'child_groups', 'place',
    "case group_name
        when 'unaccompanied asylum-seeking' then 'Unaccompanied asylum-seeking'
        when 'other' then 'Other children'
        else group_name
    end",
    'percentage', 'share', "'% of children'", numerator='children', denominator='base', lower='share_lower_95',
    upper='share_upper_95', period_label='shown_period', breakdown='group_code', breakdown_value='involvement'
) }}
