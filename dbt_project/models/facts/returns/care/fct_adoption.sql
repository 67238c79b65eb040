with

records as (
    {{ accepted_records('annex_a_adoption') }}
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
