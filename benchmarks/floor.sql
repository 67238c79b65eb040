-- The floor: what one careful person would write by hand to get the same counts from the same files, with no
-- ledger, pseudonyms, dispositions, checks, documentation or release. The pipeline is measured against it.
-- Reads exports in the code_columns convention. Variables set by the caller: folder.

-- 1. Read. Everything is text, as in the pipeline.
create table intake as
select * from read_csv(getvariable('folder') || '/**/*intake*.csv', all_varchar = true, union_by_name = true);
create table review as
select * from read_csv(getvariable('folder') || '/**/*review*.csv', all_varchar = true, union_by_name = true);
create table exits as
select * from read_csv(getvariable('folder') || '/**/*exit*.csv', all_varchar = true, union_by_name = true);

-- 2. Reporting year, age band, ethnicity group, the client's latest intake of the year.
create table intake_key as
select
    rowid as intake_row,
    service,
    client_id,
    case_reference,
    intake_date::date as intake_date,
    year(intake_date::date + interval 9 months)::smallint as reporting_year,
    case
        when age < 3 then 'Under 3' when age < 6 then '3-5' when age < 9 then '6-8' when age < 12 then '9-11'
        when age < 16 then '12-15' when age < 18 then '16-17' when age < 19 then '18' else 'Missing'
    end as age_band,
    age,
    coalesce(profile_gender_at_birth, 'Missing') as gender,
    coalesce(
        case
            when profile_ethnicity in ('english_welsh_scottish_northern_irish_british', 'irish',
                'gypsy_or_irish_traveller', 'any_other_white_background') then 'White'
            when profile_ethnicity in ('white_and_black_caribbean', 'white_and_black_african', 'white_and_asian',
                'any_other_mixed_multiple_ethnic_background') then 'Mixed'
            when profile_ethnicity in ('indian', 'pakistani', 'bangladeshi', 'chinese',
                'any_other_asian_background') then 'Asian'
            when profile_ethnicity in ('african', 'caribbean',
                'any_other_black_african_caribbean_background') then 'Black'
            when profile_ethnicity in ('arab', 'any_other_ethnic_group') then 'Other'
            else profile_ethnicity
        end, 'Missing') as ethnicity_group,
    coalesce(profile_abuse_timing, 'Missing') as abuse_timing,
    row_number() over (
        partition by service, client_id, year(intake_date::date + interval 9 months)
        order by intake_date desc, submitted_at desc, submission_id
    ) = 1 as is_client
from (
    select
        *, rowid,
        datediff('month', strptime(left(date_of_birth, 7), '%Y-%m'), date_trunc('month', intake_date::date)) // 12 as age
    from intake
);

-- 3. Exits matched to their intake by case reference, else the client's latest earlier intake.
create table exit_key as
with exit_row as (
    select rowid as exit_row, service, client_id, case_reference, closure_date::date as closure_date,
        year(closure_date::date + interval 9 months)::smallint as reporting_year
    from exits
), by_case as (
    select e.exit_row, max_by(i.intake_row, i.intake_date) as intake_row
    from exit_row as e join intake_key as i using (service, case_reference)
    where i.intake_date <= e.closure_date
    group by all
), by_client as (
    select e.exit_row, max_by(i.intake_row, i.intake_date) as intake_row
    from exit_row as e join intake_key as i using (service, client_id)
    where e.case_reference is null and i.intake_date <= e.closure_date
    group by all
)
select
    e.*, i.intake_row, datediff('day', i.intake_date, e.closure_date) as case_days,
    i.age_band, i.gender, i.ethnicity_group, i.abuse_timing,
    row_number() over (partition by e.service, e.client_id, e.reporting_year order by e.closure_date desc) = 1 as is_client
from exit_row as e
left join by_case as c using (exit_row)
left join by_client as k using (exit_row)
left join intake_key as i on i.intake_row = coalesce(c.intake_row, k.intake_row);

-- 4. Ticks: one count per option at the finest grain, then rolled up; forms and unique clients.
create table intake_tick_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    count(*) as n, count_if(columns('___') = '1')
from intake positional join (select * from intake_key order by intake_row) as k
group by all;
create table intake_tick as
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, is_client, sum(n), sum(columns('___'))
from intake_tick_cube
group by grouping sets (
    (reporting_year, is_client), (reporting_year, is_client, service), (reporting_year, is_client, age_band),
    (reporting_year, is_client, gender), (reporting_year, is_client, ethnicity_group),
    (reporting_year, is_client, abuse_timing));
create table exit_tick_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    count(*) as n, count_if(columns('___') = '1')
from exits positional join (select * from exit_key order by exit_row) as k
group by all;
create table exit_tick as
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, is_client, sum(n), sum(columns('___'))
from exit_tick_cube
group by grouping sets (
    (reporting_year, is_client), (reporting_year, is_client, service), (reporting_year, is_client, age_band),
    (reporting_year, is_client, gender), (reporting_year, is_client, ethnicity_group),
    (reporting_year, is_client, abuse_timing));

-- 5. Single answers: a histogram per question at the finest grain, unpivoted while small, then rolled up. For exits
-- the same questions of the matched intake form too, and how many of the exits were exposed, abused or harmful at intake.
create table intake_single_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    histogram(columns(lambda c: regexp_matches(c, '^(referral|profile|exposure|direct|harmful|concerns)_')
        and not contains(c, '___') and not ends_with(c, '_duration')))
from intake positional join (select * from intake_key order by intake_row) as k
group by all;
create table exit_single_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    k.exposed, k.direct, k.harmful,
    histogram(columns(lambda c: regexp_matches(c, '^(closure_(type|unplanned)|exposure|direct|harmful|social|needs|support)')
        and not contains(c, '___')))
from exits positional join (
    select e.*, i.exposure_supported as exposed, i.direct_supported as direct, i.harmful_supported as harmful
    from exit_key as e left join intake as i on i.rowid = e.intake_row order by e.exit_row
) as k
group by all;
create table pair_single_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    histogram(columns(lambda c: regexp_matches(c, '^(exposure|direct|harmful)_(supported|type_)')
        or c = 'profile_known_to_social_care'))
from exit_key as k left join intake as i on i.rowid = k.intake_row
group by all;
create macro rolled(cube) as table
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, is_client, question, pair.key as answer,
    sum(pair.value) as n
from (
    select * exclude (answers), unnest(map_entries(answers)) as pair
    from (unpivot (from query_table(cube)) on columns(lambda c: contains(c, '_') and c not in ('reporting_year', 'age_band',
        'ethnicity_group', 'abuse_timing', 'is_client')) into name question value answers)
)
group by grouping sets (
    (reporting_year, is_client, question, answer), (reporting_year, is_client, question, answer, service),
    (reporting_year, is_client, question, answer, age_band), (reporting_year, is_client, question, answer, gender),
    (reporting_year, is_client, question, answer, ethnicity_group),
    (reporting_year, is_client, question, answer, abuse_timing));
create table intake_single as from rolled('intake_single_cube');
create table exit_single as from rolled('exit_single_cube');
create view exit_exposed as from exit_single_cube where exposed = 'yes';
create view exit_direct as from exit_single_cube where direct = 'yes';
create view exit_harmful as from exit_single_cube where harmful = 'yes';
create table exit_single_exposed as from rolled('exit_exposed');
create table exit_single_direct as from rolled('exit_direct');
create table exit_single_harmful as from rolled('exit_harmful');
create table pair_single as from rolled('pair_single_cube');

-- 6. Numbers: means of ages and durations, numbers of ACEs, medians of contacts and case lengths.
create table intake_number as
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, avg(age),
    avg(exposure_duration::int), avg(direct_duration::int), avg(harmful_duration::int), avg(aces) filter (aces > 0),
    count_if(aces >= 4)
from (
    select k.*, i.exposure_duration, i.direct_duration, i.harmful_duration,
        len(list_filter(list_value(*columns(lambda c: starts_with(c, 'profile_ace_types___'))), lambda tick: tick = '1')) as aces
    from intake as i positional join (select * from intake_key order by intake_row) as k
)
group by grouping sets ((reporting_year), (reporting_year, service), (reporting_year, age_band),
    (reporting_year, gender), (reporting_year, ethnicity_group), (reporting_year, abuse_timing));
create table exit_number as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing,
    median(closure_contacts::int), median(case_days),
    count_if(case_days < 0), count_if(case_days between 0 and 60), count_if(case_days between 61 and 121),
    count_if(case_days between 122 and 182), count_if(case_days between 183 and 243), count_if(case_days > 243)
from exits positional join (select * from exit_key order by exit_row) as k
group by grouping sets ((k.reporting_year), (k.reporting_year, k.service), (k.reporting_year, k.age_band),
    (k.reporting_year, k.gender), (k.reporting_year, k.ethnicity_group), (k.reporting_year, k.abuse_timing));

-- 7. Reviews: few, so the text is counted as it stands.
create table review_count as
select year(review_date::date + interval 9 months) as reporting_year, service, count(*),
    histogram(columns(lambda c: ends_with(c, '_reported'))), count_if(columns('___') = '1')
from review
group by grouping sets ((reporting_year), (reporting_year, service));
