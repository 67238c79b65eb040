with

records as (
    {{ accepted_records(ref('stg_returns__annex_a_contact'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    sex,
    ethnicity,
    birth_month,
    contact_date,
    contact_source,
    {{ year_to_march('contact_date') }} as reporting_year
from records
