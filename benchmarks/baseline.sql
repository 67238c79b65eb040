-- The baseline: what one careful person would write by hand to get the same counts from the same files, with no
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
    submission_id,
    service,
    client_id,
    case_reference,
    intake_date::date as intake_date,
    year(intake_date::date + interval 9 months)::smallint as reporting_year,
    case
        when age < 3 then 'under_3_years_old' when age < 6 then '3_5_years_old' when age < 9 then '6_8_years_old'
        when age < 12 then '9_11_years_old' when age < 16 then '12_15_years_old' when age < 18 then '16_17_years_old'
        when age < 19 then '18_years_old' else 'missing'
    end as age_band,
    age,
    coalesce(profile_gender_at_birth, 'missing') as gender,
    coalesce(
        case
            when profile_ethnicity in ('english_welsh_scottish_northern_irish_british', 'irish',
                'gypsy_or_irish_traveller', 'any_other_white_background') then 'white'
            when profile_ethnicity in ('white_and_black_caribbean', 'white_and_black_african', 'white_and_asian',
                'any_other_mixed_multiple_ethnic_background') then 'mixed'
            when profile_ethnicity in ('indian', 'pakistani', 'bangladeshi', 'chinese',
                'any_other_asian_background') then 'asian'
            when profile_ethnicity in ('african', 'caribbean',
                'any_other_black_african_caribbean_background') then 'black'
            when profile_ethnicity in ('arab', 'any_other_ethnic_group') then 'other'
            else profile_ethnicity
        end, 'missing') as ethnicity_group,
    coalesce(profile_abuse_timing, 'missing') as abuse_timing,
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

-- 3. Exits matched to intakes, one to one: by client and case reference first, then those forms of a client that are each
-- other's next, and once more among what is left. Forms with different references are never a pair.
create table exit_row as
select rowid as exit_row, submission_id, service, client_id, case_reference, closure_date::date as closure_date,
    year(closure_date::date + interval 9 months)::smallint as reporting_year
from exits;
create table pair as
select exit_row, intake_row
from (
    select e.exit_row, i.intake_row, e.closure_date, e.submission_id
    from exit_row as e join intake_key as i using (service, client_id, case_reference)
    qualify row_number() over (
        partition by e.exit_row
        order by i.intake_date <= e.closure_date desc, case when i.intake_date <= e.closure_date then i.intake_date end desc,
            i.intake_date, i.submission_id
    ) = 1
)
qualify row_number() over (partition by intake_row order by closure_date, submission_id) = 1;
create macro next_pair() as table
select exit_row, intake_row
from (
    select e.exit_row, i.intake_row,
        row_number() over (partition by e.exit_row order by i.intake_date desc, i.submission_id) as place_of_intake,
        row_number() over (partition by i.intake_row order by e.closure_date, e.submission_id) as place_of_exit
    from (from exit_row anti join pair using (exit_row)) as e
    join (from intake_key anti join pair using (intake_row)) as i
        on e.service = i.service and e.client_id = i.client_id and i.intake_date <= e.closure_date
    where coalesce(e.case_reference = i.case_reference, true)
)
where place_of_intake = 1 and place_of_exit = 1;
insert into pair from next_pair();
insert into pair from next_pair();
create table exit_key as
select
    e.*, i.intake_row, i.intake_date > e.closure_date as is_before_intake,
    case when i.intake_date <= e.closure_date then datediff('day', i.intake_date, e.closure_date) end as case_days,
    case when i.intake_date <= e.closure_date then datesub('month', i.intake_date, e.closure_date) end as case_months,
    r.client_id is not null as is_reviewed,
    coalesce(i.age_band, 'missing') as age_band, coalesce(i.gender, 'missing') as gender,
    coalesce(i.ethnicity_group, 'missing') as ethnicity_group, coalesce(i.abuse_timing, 'missing') as abuse_timing,
    row_number() over (
        partition by e.service, e.client_id, e.reporting_year order by e.closure_date desc, e.submission_id
    ) = 1 as is_client
from exit_row as e
left join pair as p using (exit_row)
left join intake_key as i on i.intake_row = p.intake_row
left join (
    select distinct service, client_id, year(review_date::date + interval 9 months)::smallint as reporting_year from review
) as r on r.service = e.service and r.client_id = e.client_id and r.reporting_year = e.reporting_year;

-- 4. Ticks: one count per option at the finest grain, then rolled up; forms and unique clients. And for each question on
-- how many forms nothing is ticked, written out because a macro may not hold *columns().
create table intake_tick_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    count(*) as n, count_if(columns('___') = '1'),
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_residency___'))), '0') <> '1')
        as profile_residency___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_disability_type___'))), '0') <> '1')
        as profile_disability_type___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_ace_types___'))), '0') <> '1')
        as profile_ace_types___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_social_care_involvement___'))), '0') <> '1')
        as profile_social_care_involvement___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_other_services___'))), '0') <> '1')
        as profile_other_services___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'profile_historic_abuse___'))), '0') <> '1')
        as profile_historic_abuse___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'exposure_victims___'))), '0') <> '1')
        as exposure_victims___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'exposure_perpetrators___'))), '0') <> '1')
        as exposure_perpetrators___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'exposure_experience___'))), '0') <> '1')
        as exposure_experience___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'direct_neglect_types___'))), '0') <> '1')
        as direct_neglect_types___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'direct_emotional_types___'))), '0') <> '1')
        as direct_emotional_types___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'direct_physical_types___'))), '0') <> '1')
        as direct_physical_types___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'direct_sexual_types___'))), '0') <> '1')
        as direct_sexual_types___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'direct_perpetrators___'))), '0') <> '1')
        as direct_perpetrators___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'harmful_towards___'))), '0') <> '1')
        as harmful_towards___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_safety_areas___'))), '0') <> '1')
        as concerns_safety_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_physical_health_areas___'))), '0') <> '1')
        as concerns_physical_health_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_mental_health_areas___'))), '0') <> '1')
        as concerns_mental_health_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_coping_strategies_areas___'))), '0') <> '1')
        as concerns_coping_strategies_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_living_learning_areas___'))), '0') <> '1')
        as concerns_living_learning_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_family_relationships_areas___'))), '0') <> '1')
        as concerns_family_relationships_areas___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'concerns_other_relationships_areas___'))), '0') <> '1')
        as concerns_other_relationships_areas___nothing
from intake positional join (select * from intake_key order by intake_row) as k
group by all;
create table exit_tick_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    count(*) as n, count_if(columns('___') = '1'),
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'social_care_involvement___'))), '0') <> '1')
        as social_care_involvement___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'support_safety_provided___'))), '0') <> '1')
        as support_safety_provided___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'support_physical_health_provided___'))), '0') <> '1')
        as support_physical_health_provided___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'support_mental_health_provided___'))), '0') <> '1')
        as support_mental_health_provided___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'support_family_relationships_provided___'))), '0') <> '1')
        as support_family_relationships_provided___nothing,
    count_if(coalesce(greatest(*columns(lambda c: starts_with(c, 'support_other_relationships_provided___'))), '0') <> '1')
        as support_other_relationships_provided___nothing
from exits positional join (select * from exit_key order by exit_row) as k
group by all;
create macro rolled_ticks(cube) as table
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, is_client, sum(n), sum(columns('___'))
from query_table(cube)
group by grouping sets (
    (reporting_year, is_client), (reporting_year, is_client, service), (reporting_year, is_client, age_band),
    (reporting_year, is_client, gender), (reporting_year, is_client, ethnicity_group),
    (reporting_year, is_client, abuse_timing));
create table intake_tick as from rolled_ticks('intake_tick_cube');
create table exit_tick as from rolled_ticks('exit_tick_cube');

-- 5. Single answers: a histogram per question at the finest grain, unpivoted while small, then rolled up. Numbers are
-- counted by band. For exits the same questions of the matched intake form too, and how many of the exits were exposed,
-- abused or harmful at intake.
create macro duration(months) as case
    when months::int <= 11 then '1_11_months' when months::int <= 35 then '1_2_years' when months::int <= 71 then '3_5_years'
    when months::int <= 131 then '6_10_years' when months::int > 131 then '11_years_plus' end;
create macro short_duration(months) as case
    when months::int <= 1 then '1_month_or_less' when months::int <= 3 then '2_3_months' when months::int <= 6 then '4_6_months'
    when months::int <= 11 then '7_11_months' when months::int <= 35 then '1_2_years' when months::int <= 71 then '3_5_years'
    when months::int > 71 then '6_years_plus' end;
create table intake_single_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    histogram(k.age_band) as profile_age,
    histogram(columns(lambda c: regexp_matches(c, '^(referral|profile|exposure|direct|harmful|concerns)_')
        and not contains(c, '___')))
from (
    select * replace (
            duration(exposure_duration) as exposure_duration,
            duration(direct_duration) as direct_duration,
            short_duration(harmful_duration) as harmful_duration
        ),
        case when aces > 3 then 'four_or_more' when aces > 0 then 'one_to_three' end as profile_ace_count,
        case when greatest(*columns(lambda c: regexp_matches(c, '^exposure_type_'))) = 'yes' then 'yes' end as exposure_any_type,
        case when greatest(*columns(lambda c: regexp_matches(c, '^direct_type_'))) = 'yes' then 'yes' end as direct_any_type,
        case when greatest(*columns(lambda c: regexp_matches(c, '^harmful_type_'))) = 'yes' then 'yes' end as harmful_any_type
    from (
        select *,
            len(list_filter(
                list_value(*columns(lambda c: starts_with(c, 'profile_ace_types___'))), lambda tick: tick = '1'
            )) as aces
        from intake
    )
) positional join (select * from intake_key order by intake_row) as k
group by all;
create table exit_single_cube as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing, k.is_client,
    k.exposed, k.direct, k.harmful,
    histogram(case when is_before_intake then 'error' when case_months <= 1 then '0_1_month' when case_months <= 3 then '2_3_months'
        when case_months <= 5 then '4_5_months' when case_months <= 7 then '6_7_months'
        when case_months > 7 then '8_months_plus' end) as closure_case_length,
    histogram(case when is_reviewed then 'yes' else 'no' end) as closure_client_reviewed,
    histogram(columns(lambda c: regexp_matches(c, '^(closure_(type|unplanned|contacts)|exposure|direct|harmful|social|needs|support|impact)')
        and not contains(c, '___')))
from (
    select * replace (
            case when closure_contacts::int <= 5 then '1_to_5' when closure_contacts::int <= 10 then '6_to_10'
                when closure_contacts::int <= 20 then '11_to_20' when closure_contacts::int <= 34 then '21_to_34'
                when closure_contacts::int > 34 then '35_plus' end as closure_contacts,
            -- Some say why abuse goes on that they say does not.
            case when exposure_present = 'yes' then exposure_due_to_contact end as exposure_due_to_contact,
            case when direct_present = 'yes' then direct_due_to_contact end as direct_due_to_contact
        ),
        case when list_contains(list_value(*columns(lambda c: ends_with(c, '_impact_childs_safety'))), 'improved')
            then 'yes' end as impact_safety_improved,
        case when list_contains(list_value(*columns(lambda c: ends_with(c, '_impact_childs_wellbeing'))), 'improved')
            then 'yes' end as impact_wellbeing_improved
    from exits
) positional join (
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

-- Who was asked and gave no answer: those who gave the answer that opens a question, or all, less those who answered.
create table gate as
from (values
    ('profile_disability_type', 'profile_disability', 'yes'), ('profile_ace_types', 'profile_ace_experienced', 'yes'),
    ('profile_social_care_involvement', 'profile_known_to_social_care', 'yes'),
    ('profile_historic_abuse', 'profile_abuse_timing', 'current'),
    ('exposure_contact_arrangements', 'exposure_lives_with_perpetrator', 'no'),
    ('direct_contact_arrangements', 'direct_lives_with_perpetrator', 'no'),
    ('direct_neglect_types', 'direct_type_neglect', 'yes'), ('direct_emotional_types', 'direct_type_emotional', 'yes'),
    ('direct_physical_types', 'direct_type_physical', 'yes'), ('direct_sexual_types', 'direct_type_sexual', 'yes'),
    ('concerns_safety_areas', 'concerns_safety', 'yes'),
    ('concerns_physical_health_areas', 'concerns_physical_health', 'yes'),
    ('concerns_mental_health_areas', 'concerns_mental_health', 'yes'),
    ('concerns_coping_strategies_areas', 'concerns_coping_strategies', 'yes'),
    ('concerns_living_learning_areas', 'concerns_living_learning', 'yes'),
    ('concerns_family_relationships_areas', 'concerns_family_relationships', 'yes'),
    ('concerns_other_relationships_areas', 'concerns_other_relationships', 'yes'),
    ('exposure_%', 'exposure_supported', 'yes'), ('direct_%', 'direct_supported', 'yes'),
    ('harmful_%', 'harmful_supported', 'yes'), ('closure_unplanned_reason', 'closure_type', 'unplanned'),
    ('exposure_due_to_contact', 'exposure_present', 'yes'), ('direct_due_to_contact', 'direct_present', 'yes'),
    ('social_care_involvement', 'social_care_known', 'yes'), ('support_safety_%', 'support_safety_given', 'yes'),
    ('support_physical_health_%', 'support_physical_health_given', 'yes'),
    ('support_mental_health_%', 'support_mental_health_given', 'yes'),
    ('support_family_relationships_%', 'support_family_relationships_given', 'yes'),
    ('support_other_relationships_%', 'support_other_relationships_given', 'yes')
) as gate (pattern, parent, opens);
create macro answers(single, tick) as table
select
    {'y': reporting_year, 's': service, 'a': age_band, 'g': gender, 'e': ethnicity_group, 't': abuse_timing} as slice,
    is_client, question, answer, n
from (
    from query_table(single) where answer <> 'missing'
    union all by name
    select * exclude (header), split_part(header, '___', 1) as question, split_part(header, '___', 2) as answer
    from (unpivot (select * rename ("sum(n)" as ___forms) from query_table(tick)) on columns('___') into name header value n)
);
create macro unanswered(single, tick) as table
with answer as materialized (from answers(single, tick)),
total as (
    select slice, is_client, question,
        sum(n) filter (answer = 'nothing') as nothing, coalesce(sum(n) filter (answer <> 'nothing'), 0) as answered
    from answer
    group by all
),
form as (select slice, is_client, answered as n from total where question = ''),
-- Of several gates the one that names the question, then the longest pattern.
asked_question as (
    select question, parent, opens
    from (select distinct question from total where question <> '')
    left join gate on question like pattern and question <> parent and parent in (select question from total)
    qualify row_number() over (partition by question order by contains(pattern, '%'), length(pattern) desc) = 1
)
select form.slice.y as reporting_year, form.slice.s as service, form.slice.a as age_band, form.slice.g as gender,
    form.slice.e as ethnicity_group, form.slice.t as abuse_timing, form.is_client, q.question,
    case when q.parent is null then form.n else coalesce(asked.n, 0) end
        - case when total.nothing is null then coalesce(total.answered, 0) else form.n - total.nothing end as n
from form cross join asked_question as q
left join total on total.slice = form.slice and total.is_client = form.is_client and total.question = q.question
left join answer as asked
    on asked.slice = form.slice and asked.is_client = form.is_client and asked.question = q.parent and asked.answer = q.opens;
create table intake_unanswered as from unanswered('intake_single', 'intake_tick');
create table exit_unanswered as from unanswered('exit_single', 'exit_tick');

-- 6. Numbers: means of ages and durations, numbers of ACEs, medians of contacts and case lengths.
create table intake_number as
select reporting_year, service, age_band, gender, ethnicity_group, abuse_timing, avg(age),
    avg(exposure_duration::int), avg(direct_duration::int), avg(harmful_duration::int), avg(aces) filter (aces > 0)
from (
    select k.*, i.exposure_duration, i.direct_duration, i.harmful_duration,
        len(list_filter(list_value(*columns(lambda c: starts_with(c, 'profile_ace_types___'))), lambda tick: tick = '1')) as aces
    from intake as i positional join (select * from intake_key order by intake_row) as k
)
group by grouping sets ((reporting_year), (reporting_year, service), (reporting_year, age_band),
    (reporting_year, gender), (reporting_year, ethnicity_group), (reporting_year, abuse_timing));
create table exit_number as
select k.reporting_year, k.service, k.age_band, k.gender, k.ethnicity_group, k.abuse_timing,
    median(closure_contacts::int), median(case_days)
from exits positional join (select * from exit_key order by exit_row) as k
group by grouping sets ((k.reporting_year), (k.reporting_year, k.service), (k.reporting_year, k.age_band),
    (k.reporting_year, k.gender), (k.reporting_year, k.ethnicity_group), (k.reporting_year, k.abuse_timing));

-- 7. Reviews: few, so the text is counted as it stands.
create table review_count as
select year(review_date::date + interval 9 months) as reporting_year, service, count(*),
    histogram(columns(lambda c: ends_with(c, '_reported'))), count_if(columns('___') = '1')
from review
group by grouping sets ((reporting_year), (reporting_year, service));

-- 8. Found together on one form: a number per form and set of answers, with a bit for each answer given.
create macro yes(answer) as coalesce((answer = 'yes')::int, 0);
create macro ticked(answer) as coalesce((answer = '1')::int, 0);
create table intake_together as
select k.reporting_year, k.service,
    histogram(
        ticked(profile_ace_types___verbal_abuse) + 2 * ticked(profile_ace_types___direct_physical_abuse)
        + 4 * ticked(profile_ace_types___sexual_abuse) + 8 * ticked(profile_ace_types___parental_separation)
        + 16 * ticked(profile_ace_types___domestic_abuse_exposure) + 32 * ticked(profile_ace_types___mental_illness)
        + 64 * ticked(profile_ace_types___alcohol_abuse) + 128 * ticked(profile_ace_types___drug_abuse)
        + 256 * ticked(profile_ace_types___incarceration_of_adults_within_household)
    ) as ace_types,
    histogram(
        ticked(profile_ace_types___domestic_abuse_exposure) + 2 * ticked(profile_ace_types___mental_illness)
        + 4 * (ticked(profile_ace_types___alcohol_abuse) | ticked(profile_ace_types___drug_abuse))
    ) as ace_household,
    histogram(yes(exposure_supported) + 2 * yes(direct_supported) + 4 * yes(harmful_supported)) as abuse,
    histogram(
        yes(exposure_type_physical) + 2 * yes(exposure_type_sexual) + 4 * yes(exposure_type_harassment_and_stalking)
        + 8 * yes(exposure_type_jealous_controlling_and_coercive_behaviour)
    ) as exposure_types,
    histogram(
        yes(direct_type_neglect) + 2 * yes(direct_type_emotional) + 4 * yes(direct_type_physical)
        + 8 * yes(direct_type_sexual)
    ) as direct_types,
    histogram(
        yes(harmful_type_physical) + 2 * yes(harmful_type_sexual) + 4 * yes(harmful_type_persistent_or_unwanted_contact)
        + 8 * yes(harmful_type_jealous_controlling_and_coercive_behaviour)
    ) as harmful_types,
    histogram(
        yes(concerns_safety) + 2 * yes(concerns_physical_health) + 4 * yes(concerns_mental_health)
        + 8 * yes(concerns_coping_strategies) + 16 * yes(concerns_living_learning)
        + 32 * yes(concerns_family_relationships) + 64 * yes(concerns_other_relationships)
    ) as concerns
from intake positional join (select * from intake_key order by intake_row) as k
group by grouping sets ((k.reporting_year), (k.reporting_year, k.service));
create table exit_together as
select k.reporting_year, k.service,
    histogram(
        yes(support_safety_given) + 2 * yes(support_physical_health_given) + 4 * yes(support_mental_health_given)
        + 8 * yes(support_family_relationships_given) + 16 * yes(support_other_relationships_given)
    ) as support_areas
from exits positional join (select * from exit_key order by exit_row) as k
group by grouping sets ((k.reporting_year), (k.reporting_year, k.service));

-- 9. Before and after: what each matched pair answers at intake and at exit.
create macro turned(before, after) as histogram(coalesce(before, '') || '>' || coalesce(after, ''));
create table before_after as
select k.reporting_year, k.service,
    turned(i.exposure_supported, e.exposure_present) as exit_exposure_present,
    turned(i.direct_supported, e.direct_present) as exit_direct_present,
    turned(i.harmful_supported, e.harmful_present) as exit_harmful_present,
    turned(i.exposure_type_physical, e.exposure_type_physical) as exit_exposure_type_physical,
    turned(i.exposure_type_sexual, e.exposure_type_sexual) as exit_exposure_type_sexual,
    turned(i.exposure_type_harassment_and_stalking, e.exposure_type_harassment) as exit_exposure_type_harassment,
    turned(i.exposure_type_jealous_controlling_and_coercive_behaviour, e.exposure_type_controlling)
        as exit_exposure_type_controlling,
    turned(i.direct_type_neglect, e.direct_type_neglect) as exit_direct_type_neglect,
    turned(i.direct_type_emotional, e.direct_type_emotional) as exit_direct_type_emotional,
    turned(i.direct_type_physical, e.direct_type_physical) as exit_direct_type_physical,
    turned(i.direct_type_sexual, e.direct_type_sexual) as exit_direct_type_sexual,
    turned(i.harmful_type_physical, e.harmful_type_physical) as exit_harmful_type_physical,
    turned(i.harmful_type_sexual, e.harmful_type_sexual) as exit_harmful_type_sexual,
    turned(i.harmful_type_persistent_or_unwanted_contact, e.harmful_type_unwanted_contact)
        as exit_harmful_type_unwanted_contact,
    turned(i.harmful_type_jealous_controlling_and_coercive_behaviour, e.harmful_type_controlling)
        as exit_harmful_type_controlling,
    turned(i.profile_known_to_social_care, e.social_care_known) as exit_social_care_known
from exits as e positional join (select * from exit_key order by exit_row) as k
join intake as i on i.rowid = k.intake_row
group by grouping sets ((k.reporting_year), (k.reporting_year, k.service));
