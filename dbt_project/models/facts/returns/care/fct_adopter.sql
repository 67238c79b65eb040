with

records as (
    {{ accepted_records(ref('stg_returns__annex_a_adopter'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    enquiry_date,
    stage1_start_date,
    approval_date,
    placed_date,
    collection_year as reporting_year
from records
