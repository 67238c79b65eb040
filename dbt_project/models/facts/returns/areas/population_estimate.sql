with

estimates as (
    {{ accepted_records(ref('stg_returns__population'), ref('int_returns_disposition')) }}
)

select
    area_code,
    mid_year,
    age,
    sex,
    population
from estimates
