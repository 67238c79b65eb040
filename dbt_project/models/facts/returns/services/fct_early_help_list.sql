with

records as (
    {{ accepted_records(ref('stg_returns__annex_a_early_help'), ref('int_returns_disposition'), ['end_date']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    sex,
    ethnicity,
    birth_month,
    start_date,
    end_date,
    organisation,
    {{ year_to_march('start_date') }} as reporting_year
from records
