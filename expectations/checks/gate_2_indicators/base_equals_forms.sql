-- table: marts.indicator_value
-- column: denominator
-- severity: blocking
-- says: The base of a whole cohort, with those who were not asked, equals the number of its forms or clients in the
--     fact table.
-- then: Nothing is published; the last release stays in place.

with

-- One row for each printed share of a whole cohort.
cell as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 0) as column_order,
        population.population_id,
        population.cohort_id,
        question.question_no
    from reference.report_row as report_row
    left join reference.column_set as column_set on report_row.column_set = column_set.column_set
    inner join reference.population as population on report_row.population_id = population.population_id
    left join reference.question as question on report_row.question_id = question.question_id
    where report_row.statistic = 'percentage' and population.question_id is null and population.cohort_id is not null
),

base as (
    select distinct
        cell.population_id,
        cell.cohort_id,
        cell.question_no,
        value.period,
        value.geography_level,
        value.geography_code,
        value.breakdown,
        value.breakdown_value,
        value.denominator
    from marts.indicator_value as value
    inner join cell
        on
            value.indicator_id = cell.table_id
            and coalesce(value.point, '') = cell.point
            and value.row_order = cell.row_order
            and coalesce(value.column_order, 0) = cell.column_order
    where value.breakdown = 'total'
),

-- Cohorts of those who gave one answer at intake, and that answer.
restricted as (
    select
        cohort.cohort_id,
        question.question_no * 100 + catalogued.option_no as answer_id
    from reference.cohort as cohort
    inner join reference.question as question on split_part(cohort.restriction, '=', 1) = question.question_id
    inner join reference.option as catalogued
        on
            question.option_set = catalogued.option_set
            and split_part(cohort.restriction, '=', 2) = catalogued.option_code
),

-- Before the join with exits, which would otherwise carry the lists of answers.
answered_intake as (
    select
        restricted.cohort_id,
        intake.form_key
    from marts.fct_intake as intake
    inner join restricted on list_contains(intake.answers, restricted.answer_id)
),

-- What no intake form of a service was asked: nor was a later form of it whose intake form is not known.
never_asked as (
    select
        unasked.service_code,
        list(unasked.question_no) as question_nos
    from (
        select distinct
            service_code,
            unnest(not_asked) as question_no
        from marts.fct_intake
    ) as unasked
    where
        not exists (
            select 1 from marts.fct_intake as intake
            where
                intake.service_code = unasked.service_code
                and not list_contains(coalesce(intake.not_asked, []), unasked.question_no)
        )
    group by unasked.service_code
),

-- Forms that were not asked a question of their own, or of the intake form they are matched to.
unasked_form as (
    select
        'intake' as form_id,
        cast(null as varchar) as intake_form_key,
        reporting_year,
        service_code,
        is_client_record,
        unnest(not_asked) as question_no
    from marts.fct_intake
    union all
    select
        'exit' as form_id,
        exit_form.intake_form_key,
        exit_form.reporting_year,
        exit_form.service_code,
        exit_form.is_client_record,
        unnest(
            list_concat(exit_form.not_asked, if(intake.form_key is null, never_asked.question_nos, intake.not_asked))
        ) as question_no
    from marts.fct_exit as exit_form
    left join marts.fct_intake as intake on exit_form.intake_form_key = intake.form_key
    left join never_asked on exit_form.service_code = never_asked.service_code
    union all
    select
        'review' as form_id,
        review.intake_form_key,
        review.reporting_year,
        review.service_code,
        false as is_client_record,
        unnest(
            list_concat(review.not_asked, if(intake.form_key is null, never_asked.question_nos, intake.not_asked))
        ) as question_no
    from marts.fct_review as review
    left join marts.fct_intake as intake on review.intake_form_key = intake.form_key
    left join never_asked on review.service_code = never_asked.service_code
),

unasked_member as (
    select
        cohort.cohort_id,
        unasked_form.reporting_year,
        unasked_form.service_code,
        unasked_form.question_no
    from unasked_form
    inner join reference.cohort as cohort on unasked_form.form_id = cohort.form_id
    where cohort.restriction is null and (cohort.unit = 'forms' or unasked_form.is_client_record)
    union all
    select
        answered_intake.cohort_id,
        unasked_form.reporting_year,
        unasked_form.service_code,
        unasked_form.question_no
    from unasked_form
    inner join answered_intake on unasked_form.intake_form_key = answered_intake.form_key
    where unasked_form.form_id = 'exit'
),

unasked as (
    select
        cohort_id,
        question_no,
        reporting_year,
        service_code,
        count(*) as forms
    from unasked_member
    group by cohort_id, question_no, reporting_year, service_code
    union all
    select
        cohort_id,
        question_no,
        reporting_year,
        null as service_code,
        count(*) as forms
    from unasked_member
    group by cohort_id, question_no, reporting_year
),

form as (
    select
        'intake' as form_id,
        reporting_year,
        service_code,
        is_client_record,
        count(*) as forms
    from marts.fct_intake
    group by all
    union all
    select
        'exit' as form_id,
        reporting_year,
        service_code,
        is_client_record,
        count(*) as forms
    from marts.fct_exit
    group by all
    union all
    select
        'review' as form_id,
        reporting_year,
        service_code,
        false as is_client_record,
        count(*) as forms
    from marts.fct_review
    group by all
),

member as (
    select
        cohort.cohort_id,
        form.reporting_year,
        form.service_code,
        form.forms
    from reference.cohort as cohort
    inner join form on cohort.form_id = form.form_id
    where cohort.restriction is null and (cohort.unit = 'forms' or form.is_client_record)
    union all
    select
        answered_intake.cohort_id,
        exit_form.reporting_year,
        exit_form.service_code,
        count(*) as forms
    from marts.fct_exit as exit_form
    inner join answered_intake on exit_form.intake_form_key = answered_intake.form_key
    group by all
),

counted as (
    select
        cohort_id,
        reporting_year,
        service_code,
        sum(forms) as forms
    from member
    group by cohort_id, reporting_year, service_code
    union all
    select
        cohort_id,
        reporting_year,
        null as service_code,
        sum(forms) as forms
    from member
    group by cohort_id, reporting_year
)

select
    concat_ws(
        '|', base.population_id, base.period, base.geography_level, base.geography_code, base.breakdown,
        base.breakdown_value
    ) as key
from base
left join counted
    on
        base.cohort_id = counted.cohort_id
        and base.period = counted.reporting_year
        and case
            when base.geography_level = 'service' then base.geography_code = counted.service_code
            else counted.service_code is null
        end
left join unasked
    on
        base.cohort_id = unasked.cohort_id
        and base.question_no = unasked.question_no
        and base.period = unasked.reporting_year
        and case
            when base.geography_level = 'service' then base.geography_code = unasked.service_code
            else unasked.service_code is null
        end
where coalesce(counted.forms, 0) <> coalesce(base.denominator, 0) + coalesce(unasked.forms, 0)
