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
    {{ year_to_march('incident_date') }} as reporting_year,
    coalesce(is_domestic_abuse and is_crime, false) as is_domestic_abuse_crime,
    coalesce(is_domestic_abuse and is_violence, false) as is_domestic_abuse_violence,
    coalesce(is_domestic_abuse and risk_grade in ('high', 'medium'), false) as is_domestic_abuse_at_risk
from records
