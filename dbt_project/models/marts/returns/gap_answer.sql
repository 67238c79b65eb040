{#- One sentence per question, from the latest year or day of the mart that answers it. -#}
with

all_three_factors as (
    select
        la_code,
        1 as gap_no,
        'factor_intersection' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} of {:,} assessments with factors recorded name all three of adults: {:.1f} % ({:.1f} to {:.1f}), '
            || '{:.2f} times what chance brings together ({:.2f} to {:.2f})',
            observed, base, share, share_lower_95, share_upper_95, observed_over_expected, ratio_lower_95,
            ratio_upper_95
        ) as result
    from {{ ref('factor_intersection') }}
    where
        counted = 'assessment'
        and persons = 'adults'
        and base_kind = 'with factors recorded'
        and factors_present = 3
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

domestic_violence_over_years as (
    select
        la_code,
        2 as gap_no,
        'factor_trend' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            'domestic violence, of anybody, is in {:.1f} % ({:.1f} to {:.1f}) of assessments with factors recorded, '
            || 'and these are {:.1f} % of all',
            share, share_lower_95, share_upper_95, completeness
        )
        || coalesce(format('; {:.1f} points more a year, r-squared {:.2f}', points_a_year, r_squared), '') as result
    from {{ ref('factor_trend') }}
    where factor = 'domestic_violence' and persons = 'anyone' and base_kind = 'with factors recorded'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

alcohol_or_drugs as (
    select
        la_code,
        3 as gap_no,
        'factor_union' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            'of anybody, alcohol {:,} and drugs {:,} add up to {:,}; {:,} assessments name either ({:.1f} % of all), '
            || '{:,} both',
            with_first, with_second, sum_of_both, with_either, share, with_both
        ) as result
    from {{ ref('factor_union') }}
    where union_name = 'substance' and persons = 'anyone'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

own_disability_of_the_child as (
    select
        la_code,
        4 as gap_no,
        'disability_whose' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} assessments name the child''s own disability or illness, {:.1f} % of those that name any',
            with_factor, share_of_all_with_factor
        ) as result
    from {{ ref('disability_whose') }}
    where factor = 'disability' and persons = 'child'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

special_needs_among_children_in_need as (
    select
        la_code,
        5 as gap_no,
        'send_representation' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            'pupils with special educational needs are in need {:.2f} times ({:.2f} to {:.2f}) as often as '
            || 'all of their age and sex; with the {:.1f} % unlinked, between {:.2f} and {:.2f}',
            standardised_ratio, ratio_lower_95, ratio_upper_95, unlinked_share, ratio_if_no_unlinked_has_it,
            ratio_if_every_unlinked_has_it
        ) as result
    from {{ ref('send_representation') }}
    where involvement = 'in need on 31 March' and need_kind = 'any'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

disability_on_a_plan as (
    select
        la_code,
        6 as gap_no,
        'plan_disability' as result_from,
        cast(on_day as varchar) as period,
        format(
            '{:,} of {:,} children on a plan have a disability code: {:.1f} % ({:.1f} to {:.1f})',
            children, on_plan, share, share_lower_95, share_upper_95
        ) as result
    from {{ ref('plan_disability') }}
    where definition = 'any'
    qualify on_day = max(on_day) over (partition by la_code)
),

emotional_abuse_and_nothing_else as (
    select
        la_code,
        7 as gap_no,
        'emotional_abuse_alone' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} of {:,} plans for emotional abuse with factors recorded name no other maltreatment: {:.1f} % '
            || '({:.1f} to {:.1f})',
            plans, base, share, share_lower_95, share_upper_95
        ) as result
    from {{ ref('emotional_abuse_alone') }}
    where finding = 'no other kind of maltreatment'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

episodes_classed_missing as (
    select
        la_code,
        8 as gap_no,
        'missing_constant_definition' as result_from,
        cast(reporting_year as varchar) as period,
        format('{:,} episodes classed missing', episodes)
        || coalesce(
            format(
                ', change {:.1f} %: {:.0f} by children, {:.0f} by episodes of each',
                change_percent, change_by_children, change_by_episodes_per_child
            ),
            ''
        ) as result
    from {{ ref('missing_constant_definition') }}
    where definition = 'missing only'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

episodes_of_each_child as (
    select
        la_code,
        9 as gap_no,
        'missing_by_child' as result_from,
        cast(period_end as varchar) as period,
        format(
            '{:,} episodes of {:,} children, {:.1f} % of them twice or more; a tenth of the children have '
            || '{:.1f} % of the episodes; {:,} of unknown length',
            episodes, children, share_with_two_or_more, share_of_top_tenth, episodes_of_unknown_duration
        ) as result
    from {{ ref('missing_by_child') }}
    where window_id != 'all_years'
    qualify period_end = max(period_end) over (partition by la_code)
),

episodes_from_residential_care as (
    select
        la_code,
        10 as gap_no,
        'missing_status' as result_from,
        cast(period_end as varchar) as period,
        format('{:,} of {:,} episodes began in residential care: {:.1f} % of all', episodes, base, share)
        || coalesce(format(', {:.1f} % of those in care', share_of_in_care), '') as result
    from {{ ref('missing_status') }}
    where window_id != 'all_years' and status = 'in care, residential'
    qualify period_end = max(period_end) over (partition by la_code)
),

referrals_in_the_same_part_of_the_year as (
    select
        la_code,
        11 as gap_no,
        'same_period_comparison' as result_from,
        cast(year_start as varchar) as period,
        format('{:,} referrals to {}', events_in_part, part_end)
        || coalesce(
            format(
                ', {:,} in the same part of the year before: {:.1f} % more ({:.1f} to {:.1f})',
                previous_in_part, change_percent, change_lower_95, change_upper_95
            ),
            ''
        ) as result
    from {{ ref('same_period_comparison') }}
    where series = 'local_referral' and year_kind = 'calendar'
    qualify year_start = max(year_start) over (partition by la_code)
),

enquiries_that_go_to_conference as (
    select
        la_code,
        12 as gap_no,
        'conversion' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:.1f} % ({:.1f} to {:.1f}) of {:,} enquiries go to conference',
            share, share_lower_95, share_upper_95, base
        )
        || coalesce(format(', England''s {:.1f} %', england_share), '') as result
    from {{ ref('conversion') }}
    where step = 'enquiry to conference'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

plans_for_emotional_abuse as (
    select
        la_code,
        13 as gap_no,
        'plan_profile' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            'emotional abuse: {:.1f} starts per 10,000 ({:.1f} to {:.1f}), repeat plan {:.1f} %',
            starts_per_10000, rate_lower_95, rate_upper_95, share_repeat
        )
        || coalesce(format(', referred in the twelve months before {:.1f} %', share_referred_within_12m), '') as result
    from {{ ref('plan_profile') }}
    where initial_category = 'EMO'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

plans_for_physical_abuse as (
    select
        la_code,
        14 as gap_no,
        'plan_start_poisson' as result_from,
        cast(reporting_year as varchar) as period,
        format('physical abuse: {:,} starts ({:.1f} to {:.1f})', starts, starts_lower_95, starts_upper_95)
        || coalesce(
            format(' after {:,}, z {:.2f}: ', previous_starts, z)
            || case when is_within_chance then 'within chance' else 'more than chance' end,
            ''
        ) as result
    from {{ ref('plan_start_poisson') }}
    where category = 'PHY' and years = 1
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

plan_starts_as_a_rate as (
    select
        la_code,
        15 as gap_no,
        'plan_start_poisson' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:.1f} plan starts per 10,000 children ({:.1f} to {:.1f})',
            per_10000, rate_lower_95, rate_upper_95
        ) as result
    from {{ ref('plan_start_poisson') }}
    where category = 'all' and years = 1
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

definitions_of_in_need as (
    select
        la_code,
        16 as gap_no,
        'in_need_variants' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} children by the census definition, {:,} to {:,} by others',
            children, least_of_variants, most_of_variants
        ) as result
    from {{ ref('in_need_variants') }}
    where variant = 'taken up and open on the day, on a plan or in care'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

own_substance_misuse_of_the_child as (
    select
        la_code,
        17 as gap_no,
        'child_substance' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:.1f} % ({:.1f} to {:.1f}) of assessments name it, {:.1f} % of the factors named',
            share, share_lower_95, share_upper_95, share_of_factors_named
        ) as result
    from {{ ref('child_substance') }}
    where factor = 'substance'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

referrals_of_mental_health_staff as (
    select
        la_code,
        18 as gap_no,
        'referral_source_by_factor' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            'learning disability and mental health staff made {:,} referrals and stand behind {:,} of {:,} '
            || 'assessments that name a parent''s mental ill health',
            referrals, with_parental_mental_health, all_with_parental_mental_health
        ) as result
    from {{ ref('referral_source_by_factor') }}
    where source_kind = 'local log' and referral_source = 'ld_mh_staff'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

unaccompanied_children_in_care as (
    select
        la_code,
        19 as gap_no,
        'population_groups' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} of {:,} children in care are unaccompanied: {:.1f} % ({:.1f} to {:.1f})',
            children, base, share, share_lower_95, share_upper_95
        ) as result
    from {{ ref('population_groups') }}
    where involvement = 'in care on 31 March' and group_name = 'unaccompanied asylum-seeking'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

returns_home_that_did_not_last as (
    select
        la_code,
        20 as gap_no,
        'reentry_survival' as result_from,
        cast(months as varchar) as period,
        format(
            'of {:,} returns home {:.1f} % ({:.1f} to {:.1f}) are back in care within {} months, the longest '
            || 'that is answered',
            returns, came_back_share, share_lower_95, share_upper_95, months
        ) as result
    from {{ ref('reentry_survival') }}
    where return_kind = 'all' and came_back_share is not null
    qualify months = max(months) over (partition by la_code)
),

persons_who_offended as (
    select
        la_code,
        21 as gap_no,
        'offending_counts' as result_from,
        cast(calendar_year as varchar) as period,
        format(
            '{:,} persons in the year; over {} years {:,} distinct persons, {:,} person-years',
            persons, years, distinct_persons_of_all_years, person_years
        ) as result
    from {{ ref('offending_counts') }}
    qualify calendar_year = max(calendar_year) over (partition by la_code)
),

children_of_adults_in_treatment as (
    select
        la_code,
        22 as gap_no,
        'treatment_children' as result_from,
        cast(reporting_year as varchar) as period,
        format('{:,} of {:,} adults live with {:,} children', clients_with_children, clients, children) as result
    from {{ ref('treatment_children') }}
    where substance_group = 'all'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

allegations_against_staff as (
    select
        la_code,
        23 as gap_no,
        'unmet_demand' as result_from,
        cast(reporting_year as varchar) as period,
        format(
            '{:,} allegations ({:.1f} to {:.1f}), {:.1f} % more than in the first year',
            events, events_lower_95, events_upper_95, change_since_first_percent
        ) as result
    from {{ ref('unmet_demand') }}
    where series = 'allegations against people who work with children'
    qualify reporting_year = max(reporting_year) over (partition by la_code)
),

results as (
    {{ union_by_name([
        'all_three_factors', 'domestic_violence_over_years', 'alcohol_or_drugs', 'own_disability_of_the_child',
        'special_needs_among_children_in_need', 'disability_on_a_plan', 'emotional_abuse_and_nothing_else',
        'episodes_classed_missing', 'episodes_of_each_child', 'episodes_from_residential_care',
        'referrals_in_the_same_part_of_the_year', 'enquiries_that_go_to_conference', 'plans_for_emotional_abuse',
        'plans_for_physical_abuse', 'plan_starts_as_a_rate', 'definitions_of_in_need',
        'own_substance_misuse_of_the_child', 'referrals_of_mental_health_staff', 'unaccompanied_children_in_care',
        'returns_home_that_did_not_last', 'persons_who_offended', 'children_of_adults_in_treatment',
        'allegations_against_staff'
    ]) }}
)

select
    authorities.la_code,
    questions.gap_no,
    questions.question,
    questions.can_be_answered,
    questions.answered_by,
    results.result_from,
    results.period,
    coalesce(results.result, 'no record that would answer it has been delivered') as result,
    questions.method,
    questions.limits
from {{ ref('gap_question') }} as questions
cross join {{ ref('dim_authority') }} as authorities
left join results
    on authorities.la_code = results.la_code and questions.gap_no = results.gap_no
