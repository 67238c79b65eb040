-- table: marts.waterfall
-- severity: blocking
-- says: For each form the waterfall adds up to the rows landed.
-- then: Nothing is published; the last release stays in place.

-- Erasure lists and files of returns are loads too, but not of forms.
with

landed as (
    select
        form_id,
        sum(rows_landed) as forms
    from ops.load
    where status = 'landed' and form_id in (select form.form_id from reference.form as form)
    group by form_id
),

disposed as (
    select
        form_id,
        sum(forms) as forms
    from marts.waterfall
    group by form_id
)

select coalesce(landed.form_id, disposed.form_id) as key
from landed
full join disposed on landed.form_id = disposed.form_id
where coalesce(landed.forms, 0) <> coalesce(disposed.forms, 0)
