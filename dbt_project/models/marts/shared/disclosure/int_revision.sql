with

revision as (
    select * from {{ source('ops', 'revision') }}
),

forms_now as (
    select * from {{ ref('int_form_fingerprint') }}
),

forms_before as (
    select * from {{ source('ops', 'revised_form') }}
),

-- Of a year that was published before fingerprints were kept nothing can be told.
signed_forms as (
    select
        period,
        form_id,
        fingerprint,
        forms
    from forms_now
    where period in (select earlier.period from forms_before as earlier)
    union all
    select
        period,
        form_id,
        fingerprint,
        -forms as forms
    from forms_before
),

more_forms as (
    select
        period,
        form_id,
        fingerprint,
        sum(forms) as more
    from signed_forms
    group by period, form_id, fingerprint
),

-- A corrected form has gone as one and come as another: it has changed once.
changed_forms as (
    select
        period,
        form_id,
        greatest(sum(greatest(more, 0)), sum(greatest(-more, 0))) as forms
    from more_forms
    group by period, form_id
)

select
    revision.period,
    cast(coalesce(sum(changed_forms.forms), 0) as bigint) as changed_forms,
    (
        select max(printed.rounded_to) from {{ source('ops', 'revised_figure') }} as printed
        where printed.period = revision.period
    ) as rounded_to
from revision
left join changed_forms on revision.period = changed_forms.period
group by revision.period
