with

records as (
    {{ accepted_records('local_referral') }}
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
