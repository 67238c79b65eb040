with

records as (
    {{ accepted_records(ref('stg_returns__police_incident'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    incident_key,
    incident_date,
    is_domestic_abuse,
    is_crime,
    is_violence,
    risk_grade,
    {{ year_to_march('incident_date') }} as reporting_year
from records
