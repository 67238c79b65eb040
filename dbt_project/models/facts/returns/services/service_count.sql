with

records as (
    {{ accepted_records('service_count') }}
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
