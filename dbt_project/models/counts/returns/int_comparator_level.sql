{#- Published rates by the year their period ends in, of England and of statistical neighbours, for all breakdowns. -#}
with

published as (
    select * from {{ ref('comparator_rate') }}
    where area_level in ('country', 'statistical_neighbours') and breakdown = 'all'
)

select
    published.la_code,
    published.indicator_id,
    {{ published_year('published.period') }} as reporting_year,
    max(published.value) filter (where published.area_level = 'country') as england,
    max(published.value) filter (where published.area_level = 'statistical_neighbours') as neighbours
from published
where {{ published_year('published.period') }} is not null
group by all
