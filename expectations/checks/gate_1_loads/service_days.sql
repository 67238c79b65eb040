-- table: ops.load
-- severity: note
-- says: Every form is dated on a day on which its service takes part, by the list of services.
-- then: The forms are used. Put `from` and `to` of the service right in the list of services (services.csv), or ask the
--     service about the dates.

-- A service that carries on the work of others has their days as well as its own.
with recursive

history as (
    select
        service_code,
        service_code as part,
        became
    from reference.service
    union all
    select
        later.service_code,
        history.part,
        later.became
    from history
    inner join reference.service as later on history.became = later.service_code
),

-- Days that are left blank have no end.
part_days as (
    select
        history.service_code,
        coalesce(part.first_day, date '0001-01-01') as first_day,
        coalesce(part.last_day, date '9999-12-31') as last_day
    from history
    inner join reference.service as part on history.part = part.service_code
    where history.became is null
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
