with

records as (
    {{ accepted_records('early_help_assessment') }}
)

select
    landed_row_id,
    la_code,
    child_key,
    completed_on,
    {{ year_to_march('completed_on') }} as reporting_year
from records
