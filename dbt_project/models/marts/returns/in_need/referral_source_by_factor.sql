{%- set days_before = 92 -%}
with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons in ('parent', 'anyone')
),

assessment_flags as (
    select
        assessment_key,
        la_code,
        child_key,
        reporting_year,
        bool_or(has_mental_health) filter (where persons = 'parent') as has_parental_mental_health,
        bool_or(has_learning_disability) filter (where persons = 'parent') as has_parental_learning_disability
    from assessments
    group by assessment_key, la_code, child_key, reporting_year
),

dated_assessments as (
    select
        assessment_flags.*,
        assessments.referral_key,
        assessments.start_date
    from assessment_flags
    inner join {{ ref('fct_assessment') }} as assessments
        on assessment_flags.assessment_key = assessments.assessment_key
),

referrals as (
    select * from {{ ref('fct_referral') }}
),

local_log as (
    select
        landed_row_id,
        la_code,
        child_key,
        referral_date,
        coalesce(agency_group, 'not recorded') as agency_group
    from {{ ref('fct_local_referral') }}
),

-- Of these days the log is held.
log_days as (
    select * from {{ ref('int_returns_coverage') }}
    where record_id = 'local_referral'
),

log_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'local_referral' and is_year
),

-- Assessments of years that the log holds, and of these such as have their three months in it: who is not in the log of
-- other days is not known to be in none.
assessments_in_log as (
    select dated_assessments.*
    from dated_assessments
    inner join log_year
        on dated_assessments.la_code = log_year.la_code and dated_assessments.reporting_year = log_year.period
    inner join log_days
        on
            dated_assessments.la_code = log_days.la_code
            and dated_assessments.start_date - {{ days_before }} >= log_days.first_day - log_days.slack
            and dated_assessments.start_date <= log_days.last_day + log_days.slack
),

-- The log's last entry of the child in the three months before the assessment began.
last_agencies as (
    select
        dated_assessments.assessment_key,
        {{ value_of_last('local_log.agency_group', 'local_log.referral_date, local_log.agency_group') }} as agency_group
    from dated_assessments
    inner join local_log
        on
            dated_assessments.la_code = local_log.la_code
            and dated_assessments.child_key = local_log.child_key
            and {{ days_between('local_log.referral_date', 'dated_assessments.start_date') }}
            between 0 and {{ days_before }}
    group by dated_assessments.assessment_key
),

assessments_by_source as (
    select
        'census code' as source_kind,
        dated_assessments.la_code,
        dated_assessments.reporting_year,
        coalesce(referrals.referral_source, 'not recorded') as referral_source,
        dated_assessments.has_parental_mental_health,
        dated_assessments.has_parental_learning_disability
    from dated_assessments
    left join referrals
        on dated_assessments.referral_key = referrals.referral_key
    union all
    select
        'local log' as source_kind,
        assessments_in_log.la_code,
        assessments_in_log.reporting_year,
        coalesce(last_agencies.agency_group, 'not in the log') as referral_source,
        assessments_in_log.has_parental_mental_health,
        assessments_in_log.has_parental_learning_disability
    from assessments_in_log
    left join last_agencies
        on assessments_in_log.assessment_key = last_agencies.assessment_key
),

referrals_by_source as (
    select
        'local log' as source_kind,
        la_code,
        {{ year_to_march('referral_date') }} as reporting_year,
        agency_group as referral_source,
        count(*) as referrals
    from local_log
    group by all
    union all
    select
        'census code' as source_kind,
        la_code,
        reporting_year,
        coalesce(referral_source, 'not recorded') as referral_source,
        count(*) as referrals
    from referrals
    group by all
),

source_counts as (
    select
        source_kind,
        la_code,
        reporting_year,
        referral_source,
        count(*) as assessments,
        count(*) filter (where has_parental_mental_health) as with_parental_mental_health,
        count(*) filter (where has_parental_learning_disability) as with_parental_learning_disability
    from assessments_by_source
    group by source_kind, la_code, reporting_year, referral_source
),

source_totals as (
    select
        *,
        cast(sum(with_parental_mental_health) over (
            partition by source_kind, la_code, reporting_year
        ) as bigint) as all_with_parental_mental_health
    from source_counts
)

select
    source_totals.la_code,
    source_totals.reporting_year,
    source_totals.source_kind,
    source_totals.referral_source,
    coalesce(referrals_by_source.referrals, 0) as referrals,
    source_totals.assessments,
    source_totals.with_parental_mental_health,
    source_totals.with_parental_learning_disability,
    source_totals.all_with_parental_mental_health,
    100.0 * source_totals.with_parental_mental_health / nullif(source_totals.all_with_parental_mental_health, 0)
        as share_of_parental_mental_health,
    {{ wilson_lower('source_totals.with_parental_mental_health', 'source_totals.all_with_parental_mental_health') }}
        as share_lower_95,
    {{ wilson_upper('source_totals.with_parental_mental_health', 'source_totals.all_with_parental_mental_health') }}
        as share_upper_95
from source_totals
left join referrals_by_source
    on
        source_totals.source_kind = referrals_by_source.source_kind
        and source_totals.la_code = referrals_by_source.la_code
        and source_totals.reporting_year = referrals_by_source.reporting_year
        and source_totals.referral_source = referrals_by_source.referral_source
