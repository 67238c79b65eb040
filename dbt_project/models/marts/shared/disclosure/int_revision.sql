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

compared_forms as (
    select
        forms_before.period,
        forms_before.form_id,
        greatest(coalesce(forms_now.forms, 0) - forms_before.forms, 0) as come,
        greatest(forms_before.forms - coalesce(forms_now.forms, 0), 0) as gone
    from forms_before
    left join forms_now
        on
            forms_before.period = forms_now.period
            and forms_before.form_id = forms_now.form_id
            and forms_before.fingerprint = forms_now.fingerprint
    union all
    select
        forms_now.period,
        forms_now.form_id,
        forms_now.forms as come,
        0 as gone
    from forms_now
    left join forms_before
        on
            forms_now.period = forms_before.period
            and forms_now.form_id = forms_before.form_id
            and forms_now.fingerprint = forms_before.fingerprint
    -- Of a year that was published before fingerprints were kept nothing can be told.
    where forms_before.period is null and forms_now.period in (select earlier.period from forms_before as earlier)
),

-- A corrected form has gone as one and come as another: it has changed once.
changed_forms as (
    select
        period,
        form_id,
        greatest(sum(come), sum(gone)) as forms
    from compared_forms
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
