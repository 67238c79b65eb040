with

authorities as (
    select * from {{ ref('authority') }}
)

select
    la_code,
    area_code,
    area_name,
    is_sample
from authorities
