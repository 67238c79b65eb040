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

reach as (
    select
        la_code,
        quantile_disc(offence_date, 0.001) as first_day,
        quantile_disc(offence_date, 0.999) as last_day
    from offences
    group by la_code
),

yearly as (
    select
        offences.la_code,
        offences.calendar_year,
        count(*) as offences,
        count(distinct offences.child_key) as persons
    from offences
    inner join reach
        on
            offences.la_code = reach.la_code
            and make_date(offences.calendar_year, 1, 1) >= reach.first_day - {{ slack }}
            and make_date(offences.calendar_year, 12, 31) <= reach.last_day + {{ slack }}
    group by offences.la_code, offences.calendar_year
),

first_years as (
    select
        offences.la_code,
        offences.child_key,
        min(offences.calendar_year) as first_year
    from offences
    inner join yearly
        on offences.la_code = yearly.la_code and offences.calendar_year = yearly.calendar_year
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

whole as (
    select
        la_code,
        count(*) as years,
        cast(sum(persons) as bigint) as person_years,
        {{ chi_square_for_trend_over('persons', '1', 'calendar_year', is_proportion=false) }} as chi_square,
        {{ r_squared_over('persons', 'calendar_year') }} as r_squared,
        {{ slope_over('persons', 'calendar_year') }} as persons_a_year
    from yearly
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
    yearly.la_code,
    yearly.calendar_year,
    yearly.offences,
    yearly.persons,
    {{ poisson_lower('yearly.persons') }} as persons_lower_95,
    {{ poisson_upper('yearly.persons') }} as persons_upper_95,
    coalesce(new_persons.persons, 0) as persons_not_seen_before,
    whole.years,
    distinct_persons.persons as distinct_persons_of_all_years,
    whole.person_years,
    whole.person_years / cast(whole.years as double) as mean_persons_a_year,
    whole.persons_a_year as slope,
    case when whole.years >= 3 then whole.r_squared end as r_squared,
    case when whole.years >= 3 then {{ r_squared_words('whole.r_squared', 'whole.persons_a_year') }} end
        as words_of_the_document,
    case when whole.years >= 3 then whole.chi_square end as chi_square,
    case when whole.years >= 3 then {{ p_of_chi_square('whole.chi_square') }} end as p_value
from yearly
inner join whole
    on yearly.la_code = whole.la_code
inner join distinct_persons
    on yearly.la_code = distinct_persons.la_code
left join new_persons
    on yearly.la_code = new_persons.la_code and yearly.calendar_year = new_persons.calendar_year
