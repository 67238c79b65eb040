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
    {{ year_to_march('referral_date') }} as reporting_year,
    coalesce(agency_group = 'school', false) as is_from_school,
    coalesce(agency_group = 'police', false) as is_from_police,
    coalesce(agency_group = 'ld_mh_staff', false) as is_from_ld_mh_staff,
    coalesce(agency_group = 'other', false) as is_from_other
from records
