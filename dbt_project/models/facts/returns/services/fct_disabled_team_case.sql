with

records as (
    {{ accepted_records(ref('stg_returns__disabled_team_case'), ref('int_returns_disposition'), ['close_date']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    open_date,
    close_date,
    {{ year_to_march('open_date') }} as reporting_year
from records
