with

records as (
    {{ accepted_records(ref('stg_returns__s903_health'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    birth_month,
    sdq_score,
    sdq_reason,
    is_convicted,
    had_health_check,
    is_immunised,
    had_teeth_check,
    had_health_assessment,
    is_substance_misuser,
    collection_year as reporting_year
from records
