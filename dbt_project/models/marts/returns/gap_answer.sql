{#-
    One sentence per question, from the latest year or day of its mart: gap_no, mart, the column that tells the latest,
    the row of that year or day, and the sentence.
-#}
{%- set results = [
    (1, 'factor_intersection', 'reporting_year',
        "counted = 'assessment' and persons = 'anyone' and base_kind = 'with factors recorded' and "
        ~ "factors_present = 3",
        "format('{:,} of {:,} assessments with factors recorded name all three: {:.1f} % ({:.1f} to {:.1f}), "
        ~ "{:.2f} times what chance brings together ({:.2f} to {:.2f})', observed, base, share, share_lower_95,"
        ~ " share_upper_95, observed_over_expected, ratio_lower_95, ratio_upper_95)"),
    (2, 'factor_trend', 'reporting_year',
        "factor = 'domestic_violence' and persons = 'anyone' and base_kind = 'with factors recorded'",
        "format('domestic violence is in {:.1f} % ({:.1f} to {:.1f}) of assessments with factors recorded, "
        ~ "and these are {:.1f} % of all', share, share_lower_95, share_upper_95, completeness) || "
        ~ "coalesce(format('; {:.1f} points more a year, r-squared {:.2f}', points_a_year, r_squared), '')"),
    (3, 'factor_union', 'reporting_year',
        "union_name = 'substance' and persons = 'anyone'",
        "format('alcohol {:,} and drugs {:,} add up to {:,}; {:,} assessments name either ({:.1f} %), {:,} "
        ~ "both', with_first, with_second, sum_of_both, with_either, share, with_both)"),
    (4, 'disability_whose', 'reporting_year',
        "factor = 'disability' and persons = 'child'",
        "format('{:,} assessments name the child''s own disability or illness, {:.1f} % of those that name "
        ~ "any', with_factor, share_of_all_with_factor)"),
    (5, 'send_representation', 'reporting_year',
        "involvement = 'in need on 31 March' and need_kind = 'any'",
        "format('pupils with special educational needs are in need {:.2f} times ({:.2f} to {:.2f}) as often "
        ~ "as all of their age and sex; with the {:.1f} % unlinked, between {:.2f} and {:.2f}', "
        ~ "standardised_ratio, ratio_lower_95, ratio_upper_95, unlinked_share, ratio_if_no_unlinked_has_it, "
        ~ "ratio_if_every_unlinked_has_it)"),
    (6, 'plan_disability', 'on_day',
        "definition = 'any'",
        "format('{:,} of {:,} children on a plan have a disability code: {:.1f} % ({:.1f} to {:.1f})', "
        ~ "children, on_plan, share, share_lower_95, share_upper_95)"),
    (7, 'emotional_abuse_alone', 'reporting_year',
        "finding = 'no other kind of maltreatment'",
        "format('{:,} of {:,} plans for emotional abuse name no other maltreatment: {:.1f} % ({:.1f} to "
        ~ "{:.1f})', plans, base, share, share_lower_95, share_upper_95)"),
    (8, 'missing_constant_definition', 'reporting_year',
        "definition = 'missing only'",
        "format('{:,} episodes classed missing', episodes) || coalesce(format(', change {:.1f} %: {:.0f} by "
        ~ "children, {:.0f} by episodes of each', change_percent, change_by_children, "
        ~ "change_by_episodes_per_child), '')"),
    (9, 'missing_by_child', 'period_end',
        "window_id != 'all_years'",
        "format('{:,} episodes of {:,} children, {:.1f} % of them twice or more; a tenth of the children have"
        ~ " {:.1f} % of the episodes; {:,} of unknown length', episodes, children, share_with_two_or_more, "
        ~ "share_of_top_tenth, episodes_of_unknown_duration)"),
    (10, 'missing_status', 'period_end',
        "window_id != 'all_years' and status = 'in care, residential'",
        "format('{:,} of {:,} episodes began in residential care: {:.1f} % of all', episodes, base, share) ||"
        ~ " coalesce(format(', {:.1f} % of those in care', share_of_in_care), '')"),
    (11, 'same_period_comparison', 'year_start',
        "series = 'local_referral' and year_kind = 'calendar'",
        "format('{:,} referrals to {}', events_in_part, part_end) || coalesce(format(', {:,} in the same part"
        ~ " of the year before: {:.1f} % more ({:.1f} to {:.1f})', previous_in_part, change_percent, "
        ~ "change_lower_95, change_upper_95), '')"),
    (12, 'conversion', 'reporting_year',
        "step = 'enquiry to conference'",
        "format('{:.1f} % ({:.1f} to {:.1f}) of {:,} enquiries go to conference', share, share_lower_95, "
        ~ "share_upper_95, base) || coalesce(format(', England''s {:.1f} %', england_share), '')"),
    (13, 'plan_profile', 'reporting_year',
        "initial_category = 'EMO'",
        "format('emotional abuse: {:.1f} starts per 10,000 ({:.1f} to {:.1f}), referred before {:.1f} %, "
        ~ "repeat plan {:.1f} %', starts_per_10000, rate_lower_95, rate_upper_95, share_referred_before, "
        ~ "share_repeat)"),
    (14, 'plan_start_poisson', 'reporting_year',
        "category = 'PHY' and years = 1",
        "format('physical abuse: {:,} starts ({:.1f} to {:.1f})', starts, starts_lower_95, starts_upper_95) "
        ~ "|| coalesce(format(' after {:,}, z {:.2f}: ', previous_starts, z) || case when is_within_chance then"
        ~ " 'within chance' else 'more than chance' end, '')"),
    (15, 'plan_start_poisson', 'reporting_year',
        "category = 'all' and years = 1",
        "format('{:.1f} plan starts per 10,000 children ({:.1f} to {:.1f})', per_10000, rate_lower_95, "
        ~ "rate_upper_95)"),
    (16, 'in_need_variants', 'reporting_year',
        "variant = 'taken up and open on the day, on a plan or in care'",
        "format('{:,} children by the census definition, {:,} to {:,} by others', children, "
        ~ "least_of_variants, most_of_variants)"),
    (17, 'child_substance', 'reporting_year',
        "factor = 'substance'",
        "format('{:.1f} % ({:.1f} to {:.1f}) of assessments name it, {:.1f} % of the factors named', share, "
        ~ "share_lower_95, share_upper_95, share_of_factors_named)"),
    (18, 'referral_source_by_factor', 'reporting_year',
        "source_kind = 'local log' and referral_source = 'ld_mh_staff'",
        "format('learning disability and mental health staff made {:,} referrals and stand behind {:,} of "
        ~ "{:,} assessments that name a parent''s mental ill health', referrals, with_parental_mental_health, "
        ~ "all_with_parental_mental_health)"),
    (19, 'population_groups', 'reporting_year',
        "involvement = 'in care on 31 March' and group_name = 'unaccompanied asylum-seeking'",
        "format('{:,} of {:,} children in care are unaccompanied: {:.1f} % ({:.1f} to {:.1f})', children, "
        ~ "base, share, share_lower_95, share_upper_95)"),
    (20, 'reentry_survival', 'months',
        "return_kind = 'all' and came_back_share is not null",
        "format('of {:,} returns home {:.1f} % ({:.1f} to {:.1f}) are back in care within {} months, the "
        ~ "longest that is answered', returns, came_back_share, share_lower_95, share_upper_95, months)"),
    (21, 'offending_counts', 'calendar_year',
        "true",
        "format('{:,} persons in the year; over {} years {:,} distinct persons, {:,} person-years', persons, "
        ~ "years, distinct_persons_of_all_years, person_years)"),
    (22, 'treatment_children', 'reporting_year',
        "substance_group = 'all'",
        "format('{:,} of {:,} adults live with {:,} children', clients_with_children, clients, children)"),
    (23, 'unmet_demand', 'reporting_year',
        "series = 'allegations against people who work with children'",
        "format('{:,} allegations ({:.1f} to {:.1f}), {:.1f} % more than in the first year', events, "
        ~ "events_lower_95, events_upper_95, change_since_first_percent)"),
] -%}
with

results as (
    {%- for gap_no, mart, latest, condition, sentence in results %}
    select
        la_code,
        {{ gap_no }} as gap_no,
        '{{ mart }}' as result_from,
        cast({{ latest }} as varchar) as period,
        {{ sentence }} as result
    from {{ ref(mart) }}
    where {{ condition }}
    qualify {{ latest }} = max({{ latest }}) over (partition by la_code)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

questions as (
    select * from {{ ref('gap_question') }}
),

authorities as (
    select * from {{ ref('dim_authority') }}
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
from questions
cross join authorities
left join results
    on authorities.la_code = results.la_code and questions.gap_no = results.gap_no
