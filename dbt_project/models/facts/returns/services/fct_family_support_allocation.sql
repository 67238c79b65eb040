with

records as (
    {{ accepted_records(ref('stg_returns__family_support_allocation'), ref('int_returns_disposition'), ['ended_on']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    household_key,
    allocated_on,
    ended_on,
    {{ year_to_march('allocated_on') }} as reporting_year
from records
