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
    case in_touch when 'YES' then true when 'NO' then false end as in_touch,
    in_touch as in_touch_code,
    accommodation,
    activity,
    collection_year as reporting_year
from records
