with

records as (
    {{ accepted_records('family_support_allocation', ['ended_on']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    household_key,
    allocated_on,
    ended_on,
    {{ year_to_march('allocated_on') }} as reporting_year
from records
