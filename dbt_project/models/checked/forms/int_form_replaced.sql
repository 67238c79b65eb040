with

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

usable_forms as (
    select
        form_id,
        landed_row_id,
        submission_key,
        service_code,
        client_key,
        content_hash,
        submitted_at,
        edited_at,
        load_seq,
        source_row
    from landed_forms
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

versions as (
    select
        usable_forms.form_id,
        usable_forms.landed_row_id,
        usable_forms.content_hash,
        first_value(usable_forms.landed_row_id) over newest_first as newest_landed_row_id,
        first_value(usable_forms.content_hash) over newest_first as newest_content_hash
    from usable_forms
    inner join repeated_submissions
        on
            usable_forms.form_id = repeated_submissions.form_id
            and usable_forms.submission_key = repeated_submissions.submission_key
    window newest_first as (
        partition by usable_forms.form_id, usable_forms.submission_key
        order by usable_forms.edited_at desc nulls last, usable_forms.load_seq desc, usable_forms.source_row desc
        rows between unbounded preceding and unbounded following
    )
),

older_versions as (
    select
        form_id,
        landed_row_id,
        newest_landed_row_id as replaced_by_landed_row_id,
        case
            when content_hash = newest_content_hash then 'duplicate_submission'
            else 'superseded'
        end as disposition
    from versions
    where landed_row_id != newest_landed_row_id
),

newest_versions as (
    select usable_forms.*
    from usable_forms
    left join older_versions
        on usable_forms.landed_row_id = older_versions.landed_row_id
    where older_versions.landed_row_id is null
),

repeated_contents as (
    select
        form_id,
        service_code,
        client_key,
        content_hash
    from newest_versions
    group by form_id, service_code, client_key, content_hash
    having count(*) > 1
),

same_contents as (
    select
        newest_versions.form_id,
        newest_versions.landed_row_id,
        first_value(newest_versions.landed_row_id) over earliest_first as earliest_landed_row_id
    from newest_versions
    inner join repeated_contents
        on
            newest_versions.form_id = repeated_contents.form_id
            and newest_versions.service_code = repeated_contents.service_code
            and newest_versions.client_key = repeated_contents.client_key
            and newest_versions.content_hash = repeated_contents.content_hash
    window earliest_first as (
        partition by
            newest_versions.form_id,
            newest_versions.service_code,
            newest_versions.client_key,
            newest_versions.content_hash
        order by
            newest_versions.submitted_at asc nulls last,
            newest_versions.load_seq asc,
            newest_versions.source_row asc
        rows between unbounded preceding and unbounded following
    )
),

copies as (
    select
        form_id,
        landed_row_id,
        earliest_landed_row_id as replaced_by_landed_row_id,
        'duplicate_submission' as disposition
    from same_contents
    where landed_row_id != earliest_landed_row_id
),

replaced_forms as (
    select * from older_versions
    union all
    select * from copies
)

select * from replaced_forms
