with

records as (
    {{ accepted_records(ref('stg_returns__young_carer'), ref('int_returns_disposition'), ['end_date']) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    start_date,
    end_date,
    cared_for_condition,
    {{ year_to_march('start_date') }} as reporting_year,
    coalesce(cared_for_condition = 'mental_health', false) as is_for_mental_health
from records
