with

disabilities as (
    {{ accepted_records(ref('stg_returns__cin_disability'), ref('int_returns_disposition')) }}
)

select
    la_code,
    child_key,
    disability
from disabilities
where disability != 'NONE'
