with

disabilities as (
    {{ accepted_records('cin_disability') }}
)

select
    la_code,
    child_key,
    disability
from disabilities
where disability != 'NONE'
