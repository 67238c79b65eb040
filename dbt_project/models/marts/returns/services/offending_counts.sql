{#- A year counts as whole when the records go to within this many days of its ends; one stray offence in a
    thousand, dated years before or after the others, does not make them go further. -#}
{%- set slack = 31 -%}
with

offences as (
    select
        la_code,
        child_key,
        offence_date,
        cast(extract(year from offence_date) as integer) as calendar_year
    from {{ ref('fct_youth_offence') }}
),

days_reached as (
    select
        la_code,
        quantile_disc(offence_date, 0.001) as first_day,
        quantile_disc(offence_date, 0.999) as last_day
    from offences
    group by la_code
),

offences_by_year as (
    select
        offences.la_code,
        offences.calendar_year,
        count(*) as offences,
        count(distinct offences.child_key) as persons
    from offences
    inner join days_reached
        on
            offences.la_code = days_reached.la_code
            and make_date(offences.calendar_year, 1, 1) >= days_reached.first_day - {{ slack }}
            and make_date(offences.calendar_year, 12, 31) <= days_reached.last_day + {{ slack }}
    group by offences.la_code, offences.calendar_year
),

first_years as (
    select
        offences.la_code,
        offences.child_key,
        min(offences.calendar_year) as first_year
    from offences
    inner join offences_by_year
        on offences.la_code = offences_by_year.la_code and offences.calendar_year = offences_by_year.calendar_year
    group by offences.la_code, offences.child_key
),

new_persons as (
    select
        la_code,
        first_year as calendar_year,
        count(*) as persons
    from first_years
    group by la_code, first_year
),

all_years as (
    select
        la_code,
        count(*) as years,
        min(calendar_year) as first_year,
        cast(sum(persons) as bigint) as person_years,
        {{ r_squared_over('persons', 'calendar_year') }} as r_squared,
        {{ slope_over('persons', 'calendar_year') }} as persons_a_year
    from offences_by_year
    group by la_code
),

distinct_persons as (
    select
        la_code,
        count(*) as persons
    from first_years
    group by la_code
)

select
    offences_by_year.la_code,
    offences_by_year.calendar_year,
    offences_by_year.offences,
    offences_by_year.persons,
    {{ poisson_lower('offences_by_year.persons') }} as persons_lower_95,
    {{ poisson_upper('offences_by_year.persons') }} as persons_upper_95,
    case when offences_by_year.calendar_year > all_years.first_year then coalesce(new_persons.persons, 0) end
        as persons_not_seen_before,
    all_years.years,
    distinct_persons.persons as distinct_persons_of_all_years,
    all_years.person_years,
    all_years.person_years / cast(all_years.years as double) as mean_persons_a_year,
    all_years.persons_a_year as slope,
    case when all_years.years >= 3 then all_years.r_squared end as r_squared,
    case when all_years.years >= 3 then {{ r_squared_words('all_years.r_squared', 'all_years.persons_a_year') }} end
        as words_of_the_document
from offences_by_year
inner join all_years
    on offences_by_year.la_code = all_years.la_code
inner join distinct_persons
    on offences_by_year.la_code = distinct_persons.la_code
left join new_persons
    on offences_by_year.la_code = new_persons.la_code and offences_by_year.calendar_year = new_persons.calendar_year
