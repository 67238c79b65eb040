{#- Levels of need, and the way from a referral to a plan. -#}
with

variants as (
    select * from {{ ref('in_need_variants') }}
),

conversions as (
    select
        *,
        {{ place_of('step', [
            'referral to assessment', 'referral to enquiry', 'enquiry to conference', 'conference to plan',
        ]) }} as place,
        upper(left(step, 1)) || substr(step, 2) as step_name
    from {{ ref('conversion') }}
),

england_codes as (
    select
        la_code,
        min(coalesce(area_code, area_level)) as area_code
    from {{ ref('comparator_rate') }}
    where area_level = 'country'
    group by la_code
),

-- England is published once, whoever delivers it.
england_shares as (
    select
        conversions.step,
        conversions.step_name,
        conversions.place,
        conversions.reporting_year,
        england_codes.area_code,
        {{ value_of_first('conversions.england_share', 'conversions.la_code') }} as england_share
    from conversions
    inner join england_codes
        on conversions.la_code = england_codes.la_code
    where conversions.england_share is not null
    group by all
),

categories as (
    select
        code,
        case code when 'MUL' then 'More than one category' else code_label end as category_name
    from {{ ref('code') }}
    where code_list = 'category_of_abuse'
    union all
    select
        'all' as code,
        'All categories' as category_name
),

profiles as (
    select
        profile.*,
        categories.category_name,
        {{ place_of('profile.initial_category', ['all', 'NEG', 'PHY', 'SAB', 'EMO', 'MUL']) }} as place
    from {{ ref('plan_profile') }} as profile
    inner join categories on profile.initial_category = categories.code
),

plan_starts as (
    select
        starts.*,
        categories.category_name,
        {{ place_of('starts.category', ['all', 'NEG', 'PHY', 'SAB', 'EMO', 'MUL']) }} as place
    from {{ ref('plan_start_poisson') }} as starts
    inner join categories on starts.category = categories.code
    where starts.years = 1
),

disabilities as (
    select
        *,
        extract(year from on_day) as on_year,
        {{ place_of('definition', [
            'any', 'any or special educational need', 'special educational need only', 'two or more kinds',
            "complex: open to the disabled children's team",
        ]) }} as place
    from {{ ref('plan_disability') }}
    where definition_kind in ('broad flag', 'narrow') and month(on_day) = 3
),

emotional_abuse as (
    select
        *,
        {{ place_of('finding', [
            'no other kind of maltreatment', 'neglect too', 'physical abuse too', 'sexual abuse too',
            'physical or sexual abuse too', 'moved to multiple categories later', 'moved to any other category later',
        ]) }} as place
    from {{ ref('emotional_abuse_alone') }}
),

maltreatments as (
    select
        *,
        list_filter(
            [
                case when has_emotional then 'Emotional abuse' end,
                case when has_neglect then 'Neglect' end,
                case when has_physical then 'Physical abuse' end,
                case when has_sexual then 'Sexual abuse' end
            ],
            x -> x is not null
        ) as members,
        1 + 8 * cast(not has_emotional as integer) + 4 * cast(has_neglect as integer)
        + 2 * cast(has_physical as integer) + cast(has_sexual as integer) as place
    from {{ ref('plan_maltreatment') }}
    where initial_category = 'EMO' and plans_with_factors > 0
)

{{ social_care_figure(
    'in_need_variants', 'variants', place_of('variant', [
        'taken up and open on the day, on a plan or in care', 'any referral in the year, or open on the day',
        'taken up and open at any time in the year', 'taken up and open on the day',
        'taken up and open on the day, neither on a plan nor in care', 'on a plan or in care',
        'with a child in need plan on the day',
    ]), "upper(left(variant, 1)) || substr(variant, 2)", 'rate', 'per_10000', "'per 10,000 children 0-17'",
    numerator='children', denominator='population_0_to_17', lower='rate_lower_95', upper='rate_upper_95',
    period_label=day_label('reporting_year'), breakdown="'definition'", breakdown_value='variant',
    where='children is not null'
) }}
union all
{{ social_care_figure(
    'conversion', 'conversions', 'place', 'step_name', 'percentage', 'share', "'%'", numerator='went_on',
    denominator='base', lower='share_lower_95', upper='share_upper_95', breakdown="'step'", breakdown_value='step',
    column_label="'Share that goes on'"
) }}
union all
{{ social_care_figure(
    'conversion', 'conversions', 'place', 'step_name', 'median', 'median_days', "'days'", denominator='went_on',
    decimals=0, breakdown="'step'", breakdown_value='step', column_order=2, column_label="'Median days'",
    where='went_on > 0'
) }}
union all
{{ social_care_figure(
    'conversion', 'england_shares', 'place', 'step_name', 'comparator', 'england_share', "'%'", level="'country'",
    code='area_code', breakdown="'step'", breakdown_value='step', column_label="'Share that goes on'"
) }}
union all
{{ social_care_figure(
    'conversion', 'conversions', 'place', 'step_name', 'comparator', 'neighbours_share', "'%'",
    level="'statistical_neighbours'", breakdown="'step'", breakdown_value='step',
    column_label="'Share that goes on'", where='neighbours_share is not null'
) }}
{% for column, share, count, base, limits, heading in [
    (1, 'share_under_1', 'under_1', 'of_known_age', 'under_1', 'Under one year old'),
    (2, 'share_referred_within_12m', 'referred_within_12m', 'of_known_contact', 'within_12m',
        'Referred in the 12 months before'),
    (3, 'share_repeat', 'second_or_subsequent', 'plans_started', 'repeat', 'On a plan before'),
] %}
union all
{{ social_care_figure(
    'plan_profile', 'profiles', 'place', 'category_name', 'percentage', share, "'% of plans starting'",
    numerator=count, denominator=base, lower=limits ~ '_lower_95', upper=limits ~ '_upper_95',
    breakdown="'category'", breakdown_value='initial_category', column_order=column,
    column_label=text_literal(heading),
    reason="case when of_known_contact = 0 then 'Children in need census (referral): not held for the 12 months before the "
        ~ "referrals' end" if base == 'of_known_contact' else 'null'
) }}
{% endfor %}
union all
{{ social_care_figure(
    'plan_profile', 'profiles', 'place', 'category_name', 'median', 'median_age', "'years'",
    denominator='born',
    breakdown="'category'", breakdown_value='initial_category', column_order=4, column_label="'Median age'"
) }}
union all
{{ social_care_figure(
    'plan_profile', 'profiles', 'place', 'category_name', 'median', 'median_days_of_ended', "'days'",
    denominator='plans_ended', decimals=0, breakdown="'category'", breakdown_value='initial_category', column_order=5,
    column_label="'Median days of ended plans'", where='plans_ended > 0'
) }}
union all
{{ social_care_figure(
    'plan_start_poisson', 'plan_starts', 'place', 'category_name', 'count', 'starts', "'plans'", numerator='starts',
    lower='starts_lower_95', upper='starts_upper_95', decimals=0, breakdown="'category'",
    breakdown_value='category', column_label="'Plans starting'", change='starts - previous_starts',
    change_mark="case when z is null then null when is_within_chance then 'no clear change'
        when z > 0 then 'increase' else 'decrease' end"
) }}
union all
{{ social_care_figure(
    'plan_start_poisson', 'plan_starts', 'place', 'category_name', 'rate', 'per_10000', "'per 10,000 children 0-17'",
    numerator='starts', denominator='child_years', lower='rate_lower_95', upper='rate_upper_95',
    breakdown="'category'", breakdown_value='category', column_order=2, column_label="'Rate'",
    where='child_years is not null'
) }}
union all
{{ social_care_figure(
    'plan_disability', 'disabilities', 'place', "upper(left(definition, 1)) || substr(definition, 2)", 'percentage',
    'share', "'% of children on a plan'", numerator='children', denominator='on_plan', lower='share_lower_95',
    upper='share_upper_95', period='on_year', period_label=day_label('on_year'), breakdown="'definition'",
    breakdown_value='definition'
) }}
union all
{{ social_care_figure(
    'emotional_abuse_alone', 'emotional_abuse', 'place', "upper(left(finding, 1)) || substr(finding, 2)", 'percentage',
    'share', "'% of emotional abuse plans'", numerator='plans', denominator='base', lower='share_lower_95',
    upper='share_upper_95', breakdown="'finding'", breakdown_value='finding'
) }}
union all
{{ social_care_figure(
    'plan_maltreatment', 'maltreatments', 'place',
    "case when members = [] then 'None of the four' else array_to_string(members, ' + ') end", 'percentage', 'share',
    "'% of emotional abuse plans'", numerator='plans', denominator='plans_with_factors',
    lower=wilson_lower('plans', 'plans_with_factors'), upper=wilson_upper('plans', 'plans_with_factors'),
    breakdown="'combination'", breakdown_value="case when members = [] then 'none' else array_to_string(members, '+') end"
) }}
