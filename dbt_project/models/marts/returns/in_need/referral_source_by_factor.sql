with

assessments as (
    select * from {{ ref('int_assessment_by_person') }}
    where persons in ('parent', 'anyone')
),

assessment_flags as (
    select
        assessment_key,
        any_value(la_code) as la_code,
        any_value(child_key) as child_key,
        any_value(reporting_year) as reporting_year,
        bool_or(has_mental_health) filter (where persons = 'parent') as has_parental_mental_health,
        bool_or(has_learning_disability) filter (where persons = 'parent') as has_parental_learning_disability
    from assessments
    group by assessment_key
),

dated as (
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

-- The log's last entry of the child in the three months before the assessment began.
by_agency as (
    select
        dated.assessment_key,
        max_by(local_log.agency_group, (local_log.referral_date, local_log.landed_row_id)) as agency_group
    from dated
    inner join local_log
        on
            dated.la_code = local_log.la_code
            and dated.child_key = local_log.child_key
            and {{ days_between('local_log.referral_date', 'dated.start_date') }} between 0 and 92
    group by dated.assessment_key
),

sourced as (
    select
        'census code' as source_kind,
        dated.la_code,
        dated.reporting_year,
        coalesce(referrals.referral_source, 'not recorded') as referral_source,
        dated.has_parental_mental_health,
        dated.has_parental_learning_disability
    from dated
    left join referrals
        on dated.referral_key = referrals.referral_key
    union all
    select
        'local log' as source_kind,
        dated.la_code,
        dated.reporting_year,
        coalesce(by_agency.agency_group, 'not in the log') as referral_source,
        dated.has_parental_mental_health,
        dated.has_parental_learning_disability
    from dated
    left join by_agency
        on dated.assessment_key = by_agency.assessment_key
),

logged as (
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

counted as (
    select
        source_kind,
        la_code,
        reporting_year,
        referral_source,
        count(*) as assessments,
        count(*) filter (where has_parental_mental_health) as with_parental_mental_health,
        count(*) filter (where has_parental_learning_disability) as with_parental_learning_disability
    from sourced
    group by source_kind, la_code, reporting_year, referral_source
),

totals as (
    select
        *,
        cast(sum(with_parental_mental_health) over (
            partition by source_kind, la_code, reporting_year
        ) as bigint) as all_with_parental_mental_health
    from counted
)

select
    totals.la_code,
    totals.reporting_year,
    totals.source_kind,
    totals.referral_source,
    coalesce(logged.referrals, 0) as referrals,
    totals.assessments,
    totals.with_parental_mental_health,
    totals.with_parental_learning_disability,
    totals.all_with_parental_mental_health,
    100.0 * totals.with_parental_mental_health / nullif(totals.all_with_parental_mental_health, 0)
        as share_of_parental_mental_health,
    {{ wilson_lower('totals.with_parental_mental_health', 'totals.all_with_parental_mental_health') }}
        as share_lower_95,
    {{ wilson_upper('totals.with_parental_mental_health', 'totals.all_with_parental_mental_health') }}
        as share_upper_95
from totals
left join logged
    on
        totals.source_kind = logged.source_kind
        and totals.la_code = logged.la_code
        and totals.reporting_year = logged.reporting_year
        and totals.referral_source = logged.referral_source
