with

authorities as (
    select * from {{ ref('dim_authority') }}
),

population as (
    select * from {{ ref('population_estimate') }}
    where age between 0 and 17
)

select
    authorities.la_code,
    population.mid_year + 1 as reporting_year,
    cast(sum(population.population) as bigint) as children
from authorities
inner join population
    on authorities.area_code = population.area_code
group by authorities.la_code, population.mid_year
