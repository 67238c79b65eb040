with

records as (
    {{ accepted_records(ref('stg_returns__early_help_attendance'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    household_key,
    service,
    attended_on,
    {{ year_to_march('attended_on') }} as reporting_year
from records
