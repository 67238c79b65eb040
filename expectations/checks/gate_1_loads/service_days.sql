-- table: ops.load
-- severity: note
-- says: Every form is dated on a day on which its service takes part, by the list of services.
-- then: The forms are used. Put `from` and `to` of the service right in the list of services (services.csv), or ask the
--     service about the dates.

-- A service that carries on the work of others has their days as well as its own. Days that are left blank have no end.
with

part_days as (
    select
        carried_on_by as service_code,
        coalesce(first_day, date '0001-01-01') as first_day,
        coalesce(last_day, date '9999-12-31') as last_day
    from reference.service
),

forms as (
    select
        landed_row_id,
        service_code,
        event_date
    from staging.stg_forms__intake
    where not is_erased
    union all
    select
        landed_row_id,
        service_code,
        event_date
    from staging.stg_forms__review
    where not is_erased
    union all
    select
        landed_row_id,
        service_code,
        event_date
    from staging.stg_forms__exit
    where not is_erased
),

days as (
    select
        service_code,
        min(first_day) as first_day,
        max(last_day) as last_day
    from part_days
    group by service_code
)

select cast(forms.landed_row_id as varchar) as key
from forms
inner join days on forms.service_code = days.service_code
where forms.event_date < days.first_day or forms.event_date > days.last_day
