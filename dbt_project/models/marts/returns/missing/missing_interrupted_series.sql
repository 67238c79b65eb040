with

fitted_terms as (
    select * from {{ ref('int_missing_segmented') }}
)

select
    la_code,
    definition,
    term,
    round(estimate, 6) as estimate,
    round(standard_error, 6) as standard_error,
    round(lower_95, 6) as lower_95,
    round(upper_95, 6) as upper_95,
    round(p_value, 6) as p_value,
    coalesce(p_value < 0.05, false) as is_beyond_chance,
    round(r_squared, 6) as r_squared,
    months
from fitted_terms
