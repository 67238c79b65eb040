-- table: ops.load
-- severity: note
-- says: A client id that comes written in several ways (capitals, zeros, separators) has a month of birth with each.
-- then: The forms are used: as those of one child, or by themselves where the other ways are of several children. Ask
--     the service for the month of birth, or to write the id in one way.

with

forms as (
    select
        'intake' as form_id,
        landed_row_id,
        client_key,
        coalesce(client_exact_key, client_key) as exact_key,
        birth_month
    from staging.stg_forms__intake
    where not is_erased and client_key is not null
    union all
    select
        'review' as form_id,
        landed_row_id,
        client_key,
        coalesce(client_exact_key, client_key) as exact_key,
        birth_month
    from staging.stg_forms__review
    where not is_erased and client_key is not null
    union all
    select
        'exit' as form_id,
        landed_row_id,
        client_key,
        coalesce(client_exact_key, client_key) as exact_key,
        birth_month
    from staging.stg_forms__exit
    where not is_erased and client_key is not null
),

-- Few ids are written in several ways, so the rest looks only at those.
several as (
    select
        client_key,
        min(birth_month) <> max(birth_month) as are_several_children
    from forms
    group by client_key
    having min(exact_key) <> max(exact_key)
),

-- Reviews and exits do not ask for it, so they lack it only where somebody has to be told apart.
without_month as (
    select
        forms.client_key,
        forms.exact_key
    from forms
    inner join several on forms.client_key = several.client_key
    group by forms.client_key, forms.exact_key
    having
        count(forms.birth_month) = 0
        and (bool_or(forms.form_id = 'intake') or coalesce(bool_or(several.are_several_children), false))
)

select cast(forms.landed_row_id as varchar) as key
from forms
inner join without_month
    on forms.client_key = without_month.client_key and forms.exact_key = without_month.exact_key
