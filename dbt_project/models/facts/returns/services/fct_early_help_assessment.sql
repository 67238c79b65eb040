with

records as (
    {{ accepted_records(ref('stg_returns__early_help_assessment'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    completed_on,
    {{ year_to_march('completed_on') }} as reporting_year
from records
