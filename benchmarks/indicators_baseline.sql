-- The social care indicators by hand: one pass over each fact table, every year to 31 March of every authority, and the
-- breakdowns. No windows, no seeds, no tests. What `benchmarks/indicators.py` compares the models with.
create or replace table main.baseline_value as
with
population as (
    select a.la_code, p.mid_year + 1 as period, sum(population) filter (where age < 18) as children,
        sum(population) filter (where age >= 16) as residents
    from marts.population_estimate as p join marts.dim_authority as a on p.area_code = a.area_code
    group by all
),
referral as (
    select la_code, reporting_year as period, count(*) as n, count(*) filter (where is_rereferral_12m) as again
    from marts.fct_referral group by all
),
assessment as (
    select la_code, reporting_year as period, count(*) as n,
        count(*) filter (where has_domestic_violence) as dv, count(*) filter (where has_mental_health) as mh,
        count(*) filter (where has_substance) as su, count(*) filter (where has_drugs) as dr,
        count(*) filter (where has_alcohol) as al,
        count(*) filter (where has_learning_disability or has_physical_disability) as di,
        count(*) filter (where has_learning_disability) as ld, count(*) filter (where has_physical_disability) as pd,
        count(*) filter (where has_parental_mental_health) as parent_mh,
        count(*) filter (where has_parental_substance) as parent_su, count(*) filter (where has_adult_trio) as trilogy,
        count(*) filter (where is_factor_recorded) as recorded
    from marts.fct_assessment group by all
),
risk as (
    select la_code, reporting_year as period, count(*) filter (where factor <> '21') as n,
        count(*) filter (where factor in ('1A', '2A')) as child
    from marts.fct_assessment_factor group by all
),
enquiry as (select la_code, reporting_year as period, count(*) as n from marts.fct_section47 group by all),
conference as (select la_code, reporting_year as period, count(*) as n from marts.fct_conference group by all),
found as (
    select a.referral_key, bool_or(f.factor in ('16A', '18A', '18B', '18C', '19A', '19B', '19C')) as other_abuse
    from marts.fct_assessment as a join marts.fct_assessment_factor as f on a.assessment_key = f.assessment_key
    group by all
),
start as (
    select p.la_code, p.reporting_year as period, count(*) as n,
        count(*) filter (where is_second_or_subsequent) as second, count(*) filter (where initial_category = 'PHY') as phy,
        count(*) filter (where initial_category = 'EMO') as emo, count(*) filter (where initial_category = 'SAB') as sab,
        count(*) filter (where initial_category = 'NEG') as neg, count(*) filter (where initial_category = 'MUL') as mul,
        count(*) filter (where initial_category = 'EMO' and o.referral_key is not null) as emo_found,
        count(*) filter (where initial_category = 'EMO' and not o.other_abuse) as alone
    from marts.fct_protection_plan as p left join found as o on p.referral_key = o.referral_key
    group by all
),
years as (select distinct reporting_year as period, make_date(reporting_year, 3, 31) as day from marts.fct_referral),
on_plan as (
    select p.la_code, y.period, count(distinct p.child_key) as n,
        count(distinct p.child_key) filter (where c.is_disabled) as disabled
    from marts.fct_protection_plan as p
    join years as y on p.start_date <= y.day and (p.end_date is null or p.end_date > y.day)
    left join marts.dim_child as c on p.la_code = c.la_code and p.child_key = c.child_key
    group by all
),
stock as (
    select la_code, reporting_year as period, count(*) filter (where is_in_need) as need,
        count(*) filter (where is_looked_after) as care
    from marts.child_on_31_march group by all
),
left_care as (
    select la_code, year(end_date) + (month(end_date) > 3)::integer as period, count(*) as n,
        count(*) filter (where is_returned_home) as home
    from marts.fct_care_period where reason_ceased is not null group by all
),
placement as (
    select e.la_code, y.period, count(*) as n,
        count(*) filter (where regexp_extract(s.home_postcode_sector, '^[A-Z]+')
            <> regexp_extract(s.placement_postcode_sector, '^[A-Z]+')) as away
    from marts.fct_care_episode as e
    join years as y on e.start_date <= y.day and (e.end_date is null or e.end_date > y.day)
    join staging.stg_returns__s903_episode as s on e.episode_key = s.landed_row_id
    where not e.is_short_break group by all
),
health as (
    select la_code, reporting_year as period, count(*) as n, count(*) filter (where is_immunised) as immunised,
        count(*) filter (where aged) as scored, sum(sdq_score) filter (where aged) as score
    from (
        select *, sdq_score is not null and birth_month > make_date(reporting_year - 17, 3, 31)
            and birth_month <= make_date(reporting_year - 5, 3, 31) as aged
        from marts.fct_looked_after_health
    )
    group by all
),
missing as (
    select la_code, reporting_year as period, count(*) as n, count(distinct child_key) as children,
        count(*) filter (where is_looked_after_at_start) as care, count(*) filter (where is_residential_at_start) as home
    from marts.fct_missing_episode group by all
),
missing_part as (
    select la_code, reporting_year as period, missing_class, duration_band, count(*) as n
    from marts.fct_missing_episode
    group by grouping sets ((la_code, reporting_year, missing_class), (la_code, reporting_year, duration_band))
),
interview as (
    select la_code, period, count(*) as n, count(*) filter (where offered) as offered
    from (
        select la_code, child_key, reporting_year as period, bool_or(interview_offered_on is not null) as offered
        from marts.fct_missing_episode group by all having count(*) >= 2 or bool_or(is_vulnerable)
    )
    group by all
),
logged as (
    select la_code, reporting_year as period, count(*) as n, count(*) filter (where agency_group = 'school') as school,
        count(*) filter (where agency_group = 'police') as police, count(*) filter (where agency_group = 'other') as other,
        count(*) filter (where agency_group = 'ld_mh_staff') as staff
    from marts.fct_local_referral group by all
),
offence as (
    select la_code, reporting_year as period, count(*) as n, count(*) filter (where sex = 'M') as male,
        count(distinct child_key) filter (where is_on_plan_at_offence) as on_plan,
        count(distinct child_key) filter (where is_in_need_at_offence and not is_on_plan_at_offence) as in_need,
        count(distinct child_key) filter (where disposal = 'remand') as remanded,
        count(distinct child_key) filter (where disposal = 'custody') as custody
    from marts.fct_youth_offence group by all
),
client as (
    select t.la_code, y.period, t.substance_group, count(distinct client_key) as n,
        count(distinct client_key) filter (where lives_with_children in ('own', 'other')) as parents
    from marts.fct_treatment_episode as t
    join years as y on t.start_date <= y.day and (t.end_date is null or t.end_date >= make_date(y.period - 1, 4, 1))
    group by grouping sets ((t.la_code, y.period), (t.la_code, y.period, t.substance_group))
),
incident as (
    select la_code, year(incident_date) + (month(incident_date) > 3)::integer as period,
        count(*) filter (where is_domestic_abuse) as n, count(*) filter (where is_domestic_abuse and is_crime) as crimes,
        count(*) filter (where is_violence) as violence,
        count(*) filter (where is_violence and is_domestic_abuse) as violence_dva,
        count(*) filter (where is_domestic_abuse and risk_grade in ('high', 'medium')) as graded
    from marts.fct_police_incident group by all
),
linked as (
    select i.la_code, year(i.incident_date) + (month(i.incident_date) > 3)::integer as period,
        count(distinct person_key) filter (where risk_grade in ('high', 'medium')) as people
    from marts.fct_police_person as p
    join marts.fct_police_incident as i on p.la_code = i.la_code and p.incident_key = i.incident_key
    where i.is_domestic_abuse group by all
),
attendance as (
    select la_code, reporting_year as period, count(*) as n, count(distinct child_key) as children
    from marts.fct_early_help_attendance group by all
),
allocation as (
    select t.la_code, y.period, count(distinct child_key) as children, count(distinct household_key) as households
    from marts.fct_family_support_allocation as t
    join years as y on t.allocated_on <= y.day and (t.ended_on is null or t.ended_on >= make_date(y.period - 1, 4, 1))
    group by all
),
carer as (
    select t.la_code, y.period, count(distinct child_key) as n
    from marts.fct_young_carer as t
    join years as y on t.start_date <= y.day and (t.end_date is null or t.end_date >= make_date(y.period - 1, 4, 1))
    group by all
),
early_assessment as (
    select la_code, year(completed_on) + (month(completed_on) > 3)::integer as period, count(*) as n
    from marts.fct_early_help_assessment group by all
),
allegation as (
    select la_code, year(allegation_date) + (month(allegation_date) > 3)::integer as period, count(*) as n
    from marts.fct_lado_referral group by all
),
pupil as (
    select p.la_code, p.reporting_year as period, p.sex,
        case when date_diff('month', p.birth_month, p.census_date) < 60 then 0
            when date_diff('month', p.birth_month, p.census_date) < 132 then 1
            when date_diff('month', p.birth_month, p.census_date) < 192 then 2 else 3 end as band,
        p.sen_provision in ('K', 'E', 'S') as send, coalesce(k.is_in_need, false) as need,
        coalesce(k.is_on_plan, false) as plan, coalesce(k.is_looked_after, false) as care,
        r.child_key is not null as referred
    from marts.fct_school_census_pupil as p
    left join marts.dim_child as c on p.la_code = c.la_code and p.upn_key = c.upn_key
    left join marts.child_on_31_march as k
        on c.la_code = k.la_code and c.child_key = k.child_key and p.reporting_year = k.reporting_year
    left join (select distinct la_code, child_key, reporting_year from marts.fct_referral) as r
        on c.la_code = r.la_code and c.child_key = r.child_key and p.reporting_year = r.reporting_year
),
stratum as (
    select la_code, period, sex, band, count(*) as n, count(*) filter (where send) as send,
        count(*) filter (where need) as need, count(*) filter (where need and send) as need_send,
        count(*) filter (where plan) as plan, count(*) filter (where plan and send) as plan_send,
        count(*) filter (where care) as care, count(*) filter (where care and send) as care_send,
        count(*) filter (where referred) as referred, count(*) filter (where referred and send) as referred_send
    from pupil group by all
),
send as (
    select la_code, period, 'in need' as part, sum(need_send) as observed, sum(send * need / n) as expected from stratum group by all
    union all
    select la_code, period, 'on a plan', sum(plan_send), sum(send * plan / n) from stratum group by all
    union all
    select la_code, period, 'looked after', sum(care_send), sum(send * care / n) from stratum group by all
    union all
    select la_code, period, 'referred in the year', sum(referred_send), sum(send * referred / n) from stratum group by all
),
counted as (
    select 'referral_rate' as indicator_id, 'rate' as statistic, 10000 as multiplier, la_code, period, 'total' as breakdown,
        'total' as breakdown_value, n, children as d from referral join population using (la_code, period)
    union all select 'rereferral_12m_pct', 'percentage', 100, la_code, period, 'total', 'total', again, n from referral
        where period > (select min(period) from referral)
    union all select 'assessment_count', 'count', 1, la_code, period, 'total', 'total', n, null from assessment
    union all select 'assessment_rate', 'rate', 10000, la_code, period, 'total', 'total', n, children
        from assessment join population using (la_code, period)
    union all select 'factor_domestic_violence_pct', 'percentage', 100, la_code, period, 'total', 'total', dv, n from assessment
    union all select 'factor_mental_health_pct', 'percentage', 100, la_code, period, 'total', 'total', mh, n from assessment
    union all select 'factor_substance_pct', 'percentage', 100, la_code, period, 'total', 'total', su, n from assessment
    union all select 'factor_parental_mental_health_pct', 'percentage', 100, la_code, period, 'total', 'total', parent_mh, n from assessment
    union all select 'factor_parental_substance_pct', 'percentage', 100, la_code, period, 'total', 'total', parent_su, n from assessment
    union all select 'factor_drug_misuse_pct', 'percentage', 100, la_code, period, 'total', 'total', dr, n from assessment
    union all select 'factor_alcohol_misuse_pct', 'percentage', 100, la_code, period, 'total', 'total', al, n from assessment
    union all select 'factor_disability_any_pct', 'percentage', 100, la_code, period, 'total', 'total', di, n from assessment
    union all select 'factor_learning_disability_pct', 'percentage', 100, la_code, period, 'total', 'total', ld, n from assessment
    union all select 'factor_physical_disability_pct', 'percentage', 100, la_code, period, 'total', 'total', pd, n from assessment
    union all select 'factor_trilogy_pct', 'percentage', 100, la_code, period, 'total', 'total', trilogy, recorded from assessment
    union all select 'risks_identified_count', 'count', 1, la_code, period, 'total', 'total', n, null from risk
    union all select 'risks_per_assessment', 'ratio', 1, la_code, period, 'total', 'total', r.n, a.n
        from risk as r join assessment as a using (la_code, period)
    union all select 'factor_child_substance_pct_of_risks', 'percentage', 100, la_code, period, 'total', 'total', child, n from risk
    union all select 's47_rate', 'rate', 10000, la_code, period, 'total', 'total', n, children from enquiry join population using (la_code, period)
    union all select 'icpc_rate', 'rate', 10000, la_code, period, 'total', 'total', n, children from conference join population using (la_code, period)
    union all select 's47_to_icpc_pct', 'ratio', 100, la_code, period, 'total', 'total', c.n, e.n
        from conference as c join enquiry as e using (la_code, period)
    union all select 'icpc_to_cpp_pct', 'ratio', 100, la_code, period, 'total', 'total', s.n, c.n
        from start as s join conference as c using (la_code, period)
    union all select 'cin_rate', 'rate', 10000, la_code, period, 'total', 'total', need, children from stock join population using (la_code, period)
    union all select 'cla_rate', 'rate', 10000, la_code, period, 'total', 'total', care, children from stock join population using (la_code, period)
    union all select 'cpp_rate', 'rate', 10000, la_code, period, 'total', 'total', n, children from on_plan join population using (la_code, period)
    union all select 'cpp_disabled_pct', 'percentage', 100, la_code, period, 'total', 'total', disabled, n from on_plan
    union all select 'cpp_starts_count', 'count', 1, la_code, period, 'total', 'total', n, null from start
    union all select 'cpp_second_or_subsequent_pct', 'percentage', 100, la_code, period, 'total', 'total', second, n from start
    union all select 'cpp_emotional_alone_pct', 'percentage', 100, la_code, period, 'total', 'total', alone, emo_found from start
    union all select 'cpp_starts_physical_rate', 'rate', 10000, la_code, period, 'total', 'total', phy, children from start join population using (la_code, period)
    union all select 'cpp_starts_emotional_rate', 'rate', 10000, la_code, period, 'total', 'total', emo, children from start join population using (la_code, period)
    union all select 'cpp_starts_sexual_rate', 'rate', 10000, la_code, period, 'total', 'total', sab, children from start join population using (la_code, period)
    union all select 'cpp_starts_neglect_rate', 'rate', 10000, la_code, period, 'total', 'total', neg, children from start join population using (la_code, period)
    union all select 'cpp_starts_multiple_rate', 'rate', 10000, la_code, period, 'total', 'total', mul, children from start join population using (la_code, period)
    union all select 'returned_home_pct', 'percentage', 100, la_code, period, 'total', 'total', home, n from left_care join years using (period)
    union all select 'placements_away_from_home', 'percentage', 100, la_code, period, 'total', 'total', away, n from placement
    union all select 'framework_cic_immunised_pct', 'percentage', 100, la_code, period, 'total', 'total', immunised, n from health
    union all select 'framework_cic_sdq_mean', 'ratio', 1, la_code, period, 'total', 'total', score, scored from health
    union all select 'missing_episodes_year', 'count', 1, la_code, period, 'total', 'total', n, null from missing
    union all select 'missing_episodes_month_mean', 'rate', 1, la_code, period, 'total', 'total', n, 12 from missing
    union all select 'missing_children_unique', 'count', 1, la_code, period, 'total', 'total', children, null from missing
    union all select 'missing_episodes_per_child', 'ratio', 1, la_code, period, 'total', 'total', n, children from missing
    union all select 'missing_children_in_care_pct', 'percentage', 100, la_code, period, 'total', 'total', care, n from missing
    union all select 'missing_residential_care_pct', 'percentage', 100, la_code, period, 'total', 'total', home, n from missing
    union all select 'missing_by_classification_pct', 'percentage', 100, la_code, period, 'missing_class', p.missing_class, p.n, m.n
        from missing_part as p join missing as m using (la_code, period) where p.missing_class is not null
    union all select 'missing_by_duration_pct', 'percentage', 100, la_code, period, 'duration_band', p.duration_band, p.n, m.n
        from missing_part as p join missing as m using (la_code, period) where p.duration_band is not null
    union all select 'return_interview_offered', 'percentage', 100, la_code, period, 'total', 'total', offered, n from interview
    union all select 'referral_count', 'count', 1, la_code, period, 'total', 'total', n, null from logged
    union all select 'referral_source_schools_pct', 'percentage', 100, la_code, period, 'total', 'total', school, n from logged
    union all select 'referral_source_police_pct', 'percentage', 100, la_code, period, 'total', 'total', police, n from logged
    union all select 'referral_source_other_pct', 'percentage', 100, la_code, period, 'total', 'total', other, n from logged
    union all select 'referral_source_ld_mh_staff_pct', 'percentage', 100, la_code, period, 'total', 'total', staff, n from logged
    union all select 'youth_offences_male_pct', 'percentage', 100, la_code, period, 'total', 'total', male, n from offence
    union all select 'youth_offending_cpp', 'count', 1, la_code, period, 'total', 'total', on_plan, null from offence
    union all select 'youth_offending_cin', 'count', 1, la_code, period, 'total', 'total', in_need, null from offence
    union all select 'youth_remand_lac', 'count', 1, la_code, period, 'total', 'total', remanded, null from offence
    union all select 'youth_custody', 'count', 1, la_code, period, 'total', 'total', custody, null from offence
    union all select 'treatment_adults_with_children_pct', 'percentage', 100, la_code, period,
        case when substance_group is null then 'total' else 'substance_group' end, coalesce(substance_group, 'total'), parents, n from client
    union all select 'dva_police_calls', 'count', 1, la_code, period, 'total', 'total', n, null from incident
    union all select 'dva_recorded_crimes', 'count', 1, la_code, period, 'total', 'total', crimes, null from incident
    union all select 'dva_share_of_violence_pct', 'percentage', 100, la_code, period, 'total', 'total', violence_dva, violence from incident
    union all select 'dart_incidents', 'count', 1, la_code, period, 'total', 'total', graded, null from incident
    union all select 'dart_individuals', 'count', 1, la_code, period, 'total', 'total', people, null from linked
    union all select 'framework_dva_police_rate', 'rate', 1000, la_code, period, 'total', 'total', n, residents from incident join population using (la_code, period)
    union all select 'early_help_attendances', 'count', 1, la_code, period, 'total', 'total', n, null from attendance
    union all select 'early_help_children', 'count', 1, la_code, period, 'total', 'total', children, null from attendance
    union all select 'early_help_attendances_per_child', 'ratio', 1, la_code, period, 'total', 'total', n, children from attendance
    union all select 'tfst_children', 'count', 1, la_code, period, 'total', 'total', children, null from allocation
    union all select 'tfst_households', 'count', 1, la_code, period, 'total', 'total', households, null from allocation
    union all select 'tfst_children_per_household', 'ratio', 1, la_code, period, 'total', 'total', children, households from allocation
    union all select 'young_carers_supported', 'count', 1, la_code, period, 'total', 'total', n, null from carer
    union all select 'caf_count', 'count', 1, la_code, period, 'total', 'total', n, null from early_assessment
    union all select 'lado_referrals', 'count', 1, la_code, period, 'total', 'total', n, null from allegation
    union all select 'send_representation_ratio', 'standardised_ratio', 1, la_code, period, 'involvement', part, observed, expected from send
),
limited as (
    select *, 3.8414588206941254 as zz, cast(n as double) as x, n + 1.0 as x1
    from counted
)
select indicator_id, la_code, period, breakdown, breakdown_value, n as numerator, d as denominator,
    case when statistic = 'count' then x else multiplier * x / d end as value,
    case
        when statistic = 'percentage' and x = 0 then 0.0
        when statistic = 'percentage' then 100.0 * (2 * x + zz - 1.959963984540054 * sqrt(zz + 4 * x * (1 - x / d))) / (2 * (d + zz))
        when statistic in ('rate', 'standardised_ratio') and x >= 10
            then multiplier / d * x * (1 - 1 / (9 * x) - 1.959963984540054 / (3 * sqrt(x))) ** 3
    end as lower_95,
    case
        when statistic = 'percentage' and x = d then 100.0
        when statistic = 'percentage' then 100.0 * (2 * x + zz + 1.959963984540054 * sqrt(zz + 4 * x * (1 - x / d))) / (2 * (d + zz))
        when statistic in ('rate', 'standardised_ratio') and x >= 10
            then multiplier / d * x1 * (1 - 1 / (9 * x1) + 1.959963984540054 / (3 * sqrt(x1))) ** 3
    end as upper_95
from limited;
