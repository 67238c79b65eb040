-- table: ops.load
-- severity: note
-- says: Where the programme says that a question is not asked (not_asked.csv), the files have no column for it.
-- then: The forms are used: what stands in such a column counts, and a blank counts as missing, not as not asked. Take
--     the row out of not_asked.csv, put its version, service or days right, or ask the service to leave the column out.

-- A row that names no version and no service holds for whoever lacks the column; it is wrong only where nobody does.
with

forms as (
    select
        'intake' as form_id,
        load_id,
        form_version,
        service_code,
        event_date
    from staging.stg_forms__intake
    where not is_erased
    union all
    select
        'review' as form_id,
        load_id,
        form_version,
        service_code,
        event_date
    from staging.stg_forms__review
    where not is_erased
    union all
    select
        'exit' as form_id,
        load_id,
        form_version,
        service_code,
        event_date
    from staging.stg_forms__exit
    where not is_erased
),

spoken_of as (
    select
        rule.question_id,
        rule.form_version,
        rule.service_code,
        rule.first_day,
        absent.question_id is null as has_column
    from reference.not_asked as rule
    inner join forms
        on
            rule.form_id = forms.form_id
            and (rule.form_version is null or lower(trim(rule.form_version)) = lower(trim(forms.form_version)))
            and (rule.service_code is null or rule.service_code = forms.service_code)
            and (rule.first_day is null or rule.first_day <= forms.event_date)
            and (rule.last_day is null or rule.last_day >= forms.event_date)
    left join ops.absent_question as absent
        on forms.load_id = absent.load_id and rule.question_id = absent.question_id
)

select concat_ws('|', question_id, form_version, service_code, first_day) as key
from spoken_of
group by question_id, form_version, service_code, first_day
having bool_and(has_column) or (bool_or(has_column) and (form_version is not null or service_code is not null))
