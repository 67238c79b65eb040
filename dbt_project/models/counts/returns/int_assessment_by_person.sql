with

assessments as (
    select * from {{ ref('fct_assessment') }}
),

factors as (
    select * from {{ ref('fct_assessment_factor') }}
),

census_year as (
    select
        la_code,
        period
    from {{ ref('int_social_care_window') }}
    where source_id = 'cin_census' and is_year
),

-- Whose factor it is: read once for everybody together, once for each person, once for the adults.
persons as (
    select pair.* from (
        values
        ('anyone', 'child'), ('anyone', 'parent'), ('anyone', 'other'), ('anyone', 'none'),
        ('child', 'child'), ('parent', 'parent'), ('other', 'other'), ('adults', 'parent'), ('adults', 'other')
    ) as pair (persons, person)
),

person_groups as (
    select distinct persons from persons
),

factor_flags as (
    select
        factors.assessment_key,
        persons.persons,
        bool_or(factors.factor_group = 'domestic_violence') as has_domestic_violence,
        bool_or(factors.factor_group = 'alcohol') as has_alcohol,
        bool_or(factors.factor_group = 'drugs') as has_drugs,
        bool_or(factors.factor_group = 'mental_health') as has_mental_health,
        bool_or(factors.factor_group = 'learning_disability') as has_learning_disability,
        bool_or(factors.factor_group = 'physical_disability') as has_physical_disability
    from factors
    inner join persons
        on factors.person = persons.person
    group by factors.assessment_key, persons.persons
)

select
    assessments.assessment_key,
    person_groups.persons,
    assessments.la_code,
    assessments.child_key,
    assessments.reporting_year,
    assessments.is_factor_recorded,
    coalesce(factor_flags.has_domestic_violence, false) as has_domestic_violence,
    coalesce(factor_flags.has_alcohol, false) as has_alcohol,
    coalesce(factor_flags.has_drugs, false) as has_drugs,
    coalesce(factor_flags.has_alcohol or factor_flags.has_drugs, false) as has_substance,
    coalesce(factor_flags.has_mental_health, false) as has_mental_health,
    coalesce(factor_flags.has_learning_disability, false) as has_learning_disability,
    coalesce(factor_flags.has_physical_disability, false) as has_physical_disability,
    coalesce(factor_flags.has_learning_disability or factor_flags.has_physical_disability, false) as has_disability
from assessments
inner join census_year
    on assessments.la_code = census_year.la_code and assessments.reporting_year = census_year.period
cross join person_groups
left join factor_flags
    on assessments.assessment_key = factor_flags.assessment_key and person_groups.persons = factor_flags.persons
