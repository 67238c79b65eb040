with

records as (
    {{ accepted_records(ref('stg_returns__local_referral'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    referral_key,
    child_key,
    referral_date,
    agency_group,
    {{ year_to_march('referral_date') }} as reporting_year
from records
