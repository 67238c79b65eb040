with

authorities as (
    select * from {{ ref('authority') }}
)

select
    la_code,
    area_code,
    area_name,
    has_publication
from authorities
