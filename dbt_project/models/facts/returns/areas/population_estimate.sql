with

estimates as (
    {{ accepted_records('population') }}
)

select
    area_code,
    mid_year,
    age,
    sex,
    population
from estimates
