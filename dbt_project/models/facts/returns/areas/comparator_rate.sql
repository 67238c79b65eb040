with

rates as (
    {{ accepted_records(ref('stg_returns__comparator'), ref('int_returns_disposition')) }}
)

select
    la_code,
    indicator_id,
    area_level,
    area_code,
    area_name,
    period,
    coalesce(breakdown, 'all') as breakdown,
    numerator,
    denominator,
    value,
    source
from rates
