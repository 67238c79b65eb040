-- table: marts.form_disposition
-- severity: blocking
-- says: Each load has as many dispositions as rows landed.
-- then: Nothing is published; the last release stays in place.

-- Erasure lists and files of returns are loads too, but not of forms.
with

landed as (
    select
        load_id,
        sum(rows_landed) as forms
    from ops.load
    where status = 'landed' and form_id in (select form.form_id from reference.form as form)
    group by load_id
),

disposed as (
    select
        load_id,
        count(*) as forms
    from marts.form_disposition
    group by load_id
)

select coalesce(landed.load_id, disposed.load_id) as key
from landed
full join disposed on landed.load_id = disposed.load_id
where coalesce(landed.forms, 0) <> coalesce(disposed.forms, 0)
