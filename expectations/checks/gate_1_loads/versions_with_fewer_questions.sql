-- table: ops.load
-- severity: note
-- says: No form takes the place of an earlier version whose file had columns for more of the form's questions.
-- then: The later version is used: what its file has no column for counts as not asked or missing, as of any form of
--     that load. If the earlier answers still hold, ask the service for an export of these forms with all columns.

with

forms as (
    select
        'intake' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        submission_key,
        client_key,
        edited_at
    from staging.stg_forms__intake
    where not is_erased
    union all
    select
        'review' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        submission_key,
        client_key,
        edited_at
    from staging.stg_forms__review
    where not is_erased
    union all
    select
        'exit' as form_id,
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        submission_key,
        client_key,
        edited_at
    from staging.stg_forms__exit
    where not is_erased
),

-- Few submissions come in several loads, so the rest looks only at those.
repeated as (
    select
        form_id,
        submission_key,
        client_key
    from forms
    group by form_id, submission_key, client_key
    having min(load_id) <> max(load_id)
),

-- In the order in which a version takes the place of another.
versions as (
    select
        forms.form_id,
        forms.submission_key,
        forms.client_key,
        forms.landed_row_id,
        forms.load_id,
        row_number() over (
            partition by forms.form_id, forms.submission_key, forms.client_key
            order by forms.edited_at desc nulls last, forms.load_seq desc, forms.source_row desc
        ) as version_order
    from forms
    inner join repeated
        on
            forms.form_id = repeated.form_id
            and forms.submission_key = repeated.submission_key
            and forms.client_key = repeated.client_key
)

select distinct cast(newest.landed_row_id as varchar) as key
from versions as newest
inner join versions as older
    on
        newest.form_id = older.form_id
        and newest.submission_key = older.submission_key
        and newest.client_key = older.client_key
        and newest.version_order = 1
        and older.version_order > 1
inner join ops.absent_question as absent
    on newest.load_id = absent.load_id
left join ops.absent_question as absent_before
    on older.load_id = absent_before.load_id and absent.question_id = absent_before.question_id
where absent_before.question_id is null
