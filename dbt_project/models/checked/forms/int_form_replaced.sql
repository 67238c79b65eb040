with

landed_forms as (
    select * from {{ ref('int_form_landed') }}
),

versions as (
    select * from {{ ref('int_form_version') }}
),

later_versions as (
    select * from {{ source('ops', 'later_version') }}
),

forms_set_aside as (
    select * from {{ ref('int_form_set_aside') }}
    where check_ids is not null
),

forms_not_asked as (
    select * from {{ ref('int_form_not_asked') }}
),

-- What the times of the versions leave open, a decision may have settled: which content is later than which.
latest_contents as (
    select distinct
        form_id,
        submission_key,
        number_key,
        content_hash
    from versions
    where is_latest
),

earlier_contents as (
    select distinct
        earlier.form_id,
        earlier.submission_key,
        earlier.content_hash
    from latest_contents as earlier
    inner join latest_contents as later
        on earlier.form_id = later.form_id and earlier.submission_key = later.submission_key
    inner join later_versions
        on
            earlier.form_id = later_versions.form_id
            and earlier.number_key = later_versions.submission_key
            and earlier.content_hash = later_versions.earlier_hash
            and later.content_hash = later_versions.later_hash
),

submissions as (
    select
        latest_contents.form_id,
        latest_contents.submission_key,
        count(*) filter (where earlier_contents.content_hash is null) as contents_left,
        min(latest_contents.content_hash) filter (where earlier_contents.content_hash is null) as content_hash
    from latest_contents
    left join earlier_contents
        on
            latest_contents.form_id = earlier_contents.form_id
            and latest_contents.submission_key = earlier_contents.submission_key
            and latest_contents.content_hash = earlier_contents.content_hash
    group by latest_contents.form_id, latest_contents.submission_key
),

versions_of_submissions as (
    select
        versions.form_id,
        versions.landed_row_id,
        versions.load_id,
        versions.source_row,
        versions.submission_key,
        versions.content_hash,
        versions.version_rank,
        submissions.contents_left = 1 as is_settled,
        submissions.content_hash as newest_content_hash,
        case
            when submissions.contents_left = 1 then versions.content_hash = submissions.content_hash
            else versions.is_latest
        end as may_stay,
        forms_set_aside.landed_row_id is not null as is_set_aside,
        forms_not_asked.question_nos as not_asked
    from versions
    inner join submissions
        on versions.form_id = submissions.form_id and versions.submission_key = submissions.submission_key
    left join forms_set_aside on versions.landed_row_id = forms_set_aside.landed_row_id
    left join forms_not_asked on versions.landed_row_id = forms_not_asked.landed_row_id
),

-- Which row of the content stays: one that no check sets aside, with the latest times, that was asked most. Rows that
-- are alike in all of that give the same figures, so hash and row of the file, which only name one, end the order.
kept_versions as (
    select
        versions_of_submissions.*,
        first_value(landed_row_id) over best_first as newest_landed_row_id
    from versions_of_submissions
    window best_first as (
        partition by form_id, submission_key
        order by
            may_stay desc,
            is_set_aside asc,
            version_rank asc,
            {{ most_asked_first('not_asked') }},
            load_id asc,
            source_row asc
    )
),

older_versions as (
    select
        form_id,
        landed_row_id,
        case when is_settled or not may_stay then newest_landed_row_id end as replaced_by_landed_row_id,
        case
            when not is_settled and may_stay then 'conflicting_versions'
            when is_settled and content_hash = newest_content_hash then 'duplicate_submission'
            else 'superseded'
        end as disposition
    from kept_versions
    where landed_row_id != newest_landed_row_id or (not is_settled and may_stay)
),

-- Copies are told among forms that could count: one that a check sets aside keeps no copy of itself from counting. What
-- else could keep a form from counting is part of what it says, so it is the same of all copies.
newest_versions as (
    select
        landed_forms.form_id,
        landed_forms.landed_row_id,
        landed_forms.load_id,
        landed_forms.source_row,
        landed_forms.service_code,
        landed_forms.client_key,
        landed_forms.content_hash,
        landed_forms.submitted_at,
        landed_forms.edited_at
    from landed_forms
    left join older_versions
        on landed_forms.landed_row_id = older_versions.landed_row_id
    left join forms_set_aside
        on landed_forms.landed_row_id = forms_set_aside.landed_row_id
    where
        not landed_forms.is_erased
        and landed_forms.submission_key is not null
        and landed_forms.client_key is not null
        and landed_forms.service_code is not null
        and older_versions.landed_row_id is null
        and forms_set_aside.landed_row_id is null
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
        -- As above, the hash and the row of the file only name one of several that give the same figures.
        first_value(newest_versions.landed_row_id) over (
            partition by
                newest_versions.form_id,
                newest_versions.service_code,
                newest_versions.client_key,
                newest_versions.content_hash
            order by
                newest_versions.submitted_at asc nulls last,
                newest_versions.edited_at asc nulls last,
                {{ most_asked_first('forms_not_asked.question_nos') }},
                newest_versions.load_id asc,
                newest_versions.source_row asc
        ) as earliest_landed_row_id
    from newest_versions
    inner join repeated_contents
        on
            newest_versions.form_id = repeated_contents.form_id
            and newest_versions.service_code = repeated_contents.service_code
            and newest_versions.client_key = repeated_contents.client_key
            and newest_versions.content_hash = repeated_contents.content_hash
    left join forms_not_asked
        on newest_versions.landed_row_id = forms_not_asked.landed_row_id
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
