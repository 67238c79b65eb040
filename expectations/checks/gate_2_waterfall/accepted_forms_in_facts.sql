-- table: marts.form_disposition
-- severity: blocking
-- says: Each accepted form, and no other, is in the fact table of its form.
-- then: Nothing is published; the last release stays in place.

with

fact as (
    select
        'intake' as form_id,
        count(*) as forms
    from marts.fct_intake
    union all
    select
        'review' as form_id,
        count(*) as forms
    from marts.fct_review
    union all
    select
        'exit' as form_id,
        count(*) as forms
    from marts.fct_exit
),

accepted as (
    select
        form_id,
        count(*) as forms
    from marts.form_disposition
    where disposition = 'accepted'
    group by form_id
)

select fact.form_id as key
from fact
left join accepted on fact.form_id = accepted.form_id
where fact.forms <> coalesce(accepted.forms, 0)
