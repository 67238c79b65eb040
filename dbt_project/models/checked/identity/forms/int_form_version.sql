with

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

usable_forms as (
    select * from landed_forms
    where
        not is_erased
        and submission_key is not null
        and client_key is not null
        and service_code is not null
),

-- Few submissions come twice, so the costly ordering of versions looks only at those that do.
repeated_submissions as (
    select
        form_id,
        submission_key
    from usable_forms
    group by form_id, submission_key
    having count(*) > 1
),

-- What the form tool stamps says which version is later: a macro, so that another stamp of the export can join.
ranked_versions as (
    select
        usable_forms.form_id,
        usable_forms.landed_row_id,
        usable_forms.load_id,
        usable_forms.load_seq,
        usable_forms.source_row,
        usable_forms.submission_key,
        usable_forms.number_key,
        usable_forms.content_hash,
        rank() over (
            partition by usable_forms.form_id, usable_forms.submission_key
            order by {{ latest_version_first('usable_forms') }}
        ) as version_rank
    from usable_forms
    inner join repeated_submissions
        on
            usable_forms.form_id = repeated_submissions.form_id
            and usable_forms.submission_key = repeated_submissions.submission_key
),

versions as (
    select
        *,
        version_rank = 1 as is_latest,
        min(content_hash) filter (where version_rank = 1) over same_submission
        != max(content_hash) filter (where version_rank = 1) over same_submission as is_contested
    from ranked_versions
    window same_submission as (partition by form_id, submission_key)
)

select * from versions
