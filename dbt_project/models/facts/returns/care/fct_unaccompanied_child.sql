with

records as (
    {{ accepted_records(ref('stg_returns__s903_uasc'), ref('int_returns_disposition'), ['end_date']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    sex,
    birth_month,
    end_date,
    collection_year as reporting_year
from records
