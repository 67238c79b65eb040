with

records as (
    {{ accepted_records(ref('stg_returns__s903_missing'), ref('int_returns_disposition'), ['end_date']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    birth_month,
    missing_type,
    start_date,
    end_date,
    {{ year_to_march('start_date') }} as reporting_year
from records
