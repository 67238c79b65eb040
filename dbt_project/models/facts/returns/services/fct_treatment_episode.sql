with

records as (
    {{ accepted_records(ref('stg_returns__treatment_episode'), ref('int_returns_disposition'), ['end_date']) }}
)

select
    landed_row_id,
    la_code,
    client_key,
    start_date,
    end_date,
    substance_group,
    lives_with_children,
    number_of_children,
    {{ year_to_march('start_date') }} as reporting_year,
    coalesce(lives_with_children in ('own', 'other'), false) as is_living_with_children
from records
