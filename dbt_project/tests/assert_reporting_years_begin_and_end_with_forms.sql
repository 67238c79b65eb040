-- The years follow from the forms that count. reporting_year says again which those are, because the disposition of a
-- form needs its year: the two must not part.
with

year_span as (
    select
        min(reporting_year) as first_year,
        max(reporting_year) as last_year
    from {{ ref('reporting_year') }}
),

accepted_years as (
    select
        min(reporting_year) as first_year,
        max(reporting_year) as last_year
    from {{ ref('int_form_accepted') }}
)

select year_span.first_year
from year_span
cross join accepted_years
where
    year_span.first_year is distinct from accepted_years.first_year
    or year_span.last_year is distinct from accepted_years.last_year
