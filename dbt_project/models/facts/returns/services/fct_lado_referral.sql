with

records as (
    {{ accepted_records(ref('stg_returns__lado_referral'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    referral_key,
    allegation_date,
    outcome,
    {{ year_to_march('allegation_date') }} as reporting_year
from records
