with

people as (
    {{ accepted_records(ref('stg_returns__police_person'), ref('int_returns_disposition'), ['birth_month']) }}
)

select
    landed_row_id,
    la_code,
    incident_key,
    person_key,
    role,
    sex,
    birth_month
from people
