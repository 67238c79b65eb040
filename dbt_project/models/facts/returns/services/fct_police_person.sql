with

people as (
    {{ accepted_records('police_person', ['birth_month']) }}
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
