with

records as (
    {{ accepted_records(ref('stg_returns__s903_health'), ref('int_returns_disposition')) }}
)

select
    landed_row_id,
    la_code,
    child_key,
    birth_month,
    sdq_score,
    sdq_reason,
    is_convicted,
    had_health_check,
    is_immunised,
    had_teeth_check,
    had_health_assessment,
    is_substance_misuser,
    collection_year as reporting_year,
    is_immunised is not null as has_immunisation_answer,
    coalesce(
        sdq_score is not null
        and birth_month > make_date(collection_year - 17, 3, 31)
        and birth_month <= make_date(collection_year - 5, 3, 31),
        false
    ) as has_score_at_5_to_16
from records
