with

reporting_year as (
    select * from {{ ref('reporting_year') }}
    where is_reported and not is_provisional
),

service as (
    select
        carried_on_by as service_code,
        -- Without a day it has taken part since ever, or for ever.
        case when bool_and(first_day is not null) then min(first_day) end as first_day,
        case when bool_and(last_day is not null) then max(last_day) end as last_day
    from {{ ref('service') }}
    group by carried_on_by
),

public_year as (
    select distinct period as reporting_year
    from {{ source('ops', 'public_figure') }}
    where theme = 'insights'
),

listed_services as (
    select
        reporting_year.reporting_year,
        service.service_code,
        public_year.reporting_year is not null as is_public_already
    from reporting_year
    inner join service
        on
            coalesce(reporting_year.ends_on >= service.first_day, true)
            and coalesce(reporting_year.starts_on <= service.last_day, true)
    left join public_year on reporting_year.reporting_year = public_year.reporting_year
)

select * from listed_services
