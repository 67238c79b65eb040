with

records as (
    {{ accepted_records(ref('stg_returns__service_count'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    service_id,
    counted_on,
    breakdown,
    count,
    {{ year_to_march('counted_on') }} as reporting_year
from records
