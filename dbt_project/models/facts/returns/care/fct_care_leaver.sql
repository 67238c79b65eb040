with

records as (
    {{ accepted_records(ref('stg_returns__annex_a_care_leaver'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    sex,
    ethnicity,
    birth_month,
    is_disabled,
    eligibility,
    in_touch,
    accommodation,
    activity,
    collection_year as reporting_year
from records
