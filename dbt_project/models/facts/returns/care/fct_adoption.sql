with

records as (
    {{ accepted_records(ref('stg_returns__annex_a_adoption'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    sex,
    ethnicity,
    birth_month,
    decision_date,
    match_date,
    placed_date,
    order_date,
    collection_year as reporting_year
from records
