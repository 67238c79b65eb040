with

-- The last school census of a year speaks for it; a pupil in two schools is one pupil.
pupils as (
    select
        la_code,
        reporting_year,
        upn_key,
        max(census_date) as census_date,
        min(birth_month) as birth_month,
        coalesce(min(sex), 'U') as sex,
        max(case when sen_provision in ('K', 'E', 'S') then sen_provision end) as sen_provision,
        min(sen_primary_need) filter (where sen_provision in ('K', 'E', 'S')) as sen_primary_need
    from {{ ref('fct_school_census_pupil') }}
    where upn_key is not null
    group by la_code, reporting_year, upn_key
),

children as (
    select * from {{ ref('dim_child') }}
),

statuses_on_31_march as (
    select * from {{ ref('child_on_31_march') }}
),

school_years as (
    select
        la_code,
        reporting_year,
        max(census_date) as census_date
    from pupils
    group by la_code, reporting_year
),

involvements as (
    select distinct
        la_code,
        child_key,
        reporting_year,
        'referred in the year' as involvement
    from {{ ref('fct_referral') }}
    union all
    select
        la_code,
        child_key,
        reporting_year,
        'in need on 31 March' as involvement
    from statuses_on_31_march
    where is_in_need
    union all
    select
        la_code,
        child_key,
        reporting_year,
        'on a plan on 31 March' as involvement
    from statuses_on_31_march
    where is_on_plan
    union all
    select
        la_code,
        child_key,
        reporting_year,
        'in care on 31 March' as involvement
    from statuses_on_31_march
    where is_looked_after
),

-- Children of school age in full, linked or not: those who were 5 to 15 on the day of the school census.
involved_children as (
    select
        involvements.la_code,
        involvements.reporting_year,
        involvements.involvement,
        involvements.child_key,
        pupils.upn_key,
        {{ completed_months_between('children.birth_month', 'school_years.census_date') }} between 60 and 191
            as is_of_school_age
    from involvements
    inner join school_years
        on involvements.la_code = school_years.la_code and involvements.reporting_year = school_years.reporting_year
    inner join children
        on involvements.la_code = children.la_code and involvements.child_key = children.child_key
    left join pupils
        on
            involvements.la_code = pupils.la_code
            and involvements.reporting_year = pupils.reporting_year
            and children.upn_key = pupils.upn_key
),

linked_pupils as (
    select
        la_code,
        reporting_year,
        upn_key,
        bool_or(involvement = 'referred in the year') as is_referred,
        bool_or(involvement = 'in need on 31 March') as is_in_need,
        bool_or(involvement = 'on a plan on 31 March') as is_on_plan,
        bool_or(involvement = 'in care on 31 March') as is_in_care
    from involved_children
    where upn_key is not null
    group by la_code, reporting_year, upn_key
),

unlinked_counts as (
    select
        la_code,
        reporting_year,
        involvement,
        count(distinct child_key) filter (where is_of_school_age and upn_key is null) as unlinked_children,
        count(distinct child_key) filter (where is_of_school_age or upn_key is not null) as children
    from involved_children
    group by la_code, reporting_year, involvement
),

strata as (
    select
        pupils.la_code,
        pupils.reporting_year,
        pupils.sex,
        case
            when pupils.birth_month is null then 'unknown'
            when {{ completed_months_between('pupils.birth_month', 'pupils.census_date') }} < 60 then '0-4'
            when {{ completed_months_between('pupils.birth_month', 'pupils.census_date') }} < 132 then '5-10'
            when {{ completed_months_between('pupils.birth_month', 'pupils.census_date') }} < 192 then '11-15'
            else '16+'
        end as age_band,
        coalesce(pupils.sen_provision, 'none') as sen_provision,
        coalesce(pupils.sen_primary_need, 'none') as sen_primary_need,
        count(*) as pupils,
        count(*) filter (where linked_pupils.is_referred) as referred,
        count(*) filter (where linked_pupils.is_in_need) as in_need,
        count(*) filter (where linked_pupils.is_on_plan) as on_plan,
        count(*) filter (where linked_pupils.is_in_care) as in_care
    from pupils
    left join linked_pupils
        on
            pupils.la_code = linked_pupils.la_code
            and pupils.reporting_year = linked_pupils.reporting_year
            and pupils.upn_key = linked_pupils.upn_key
    group by all
),

strata_by_involvement as (
    {%- for involvement, column in [
        ('referred in the year', 'referred'), ('in need on 31 March', 'in_need'), ('on a plan on 31 March', 'on_plan'),
        ('in care on 31 March', 'in_care')
    ] %}
    select
        la_code,
        reporting_year,
        sex,
        age_band,
        sen_provision,
        sen_primary_need,
        '{{ involvement }}' as involvement,
        pupils,
        {{ column }} as involved_pupils
    from strata
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- An involvement is known in a year whose return is held; in another nobody would seem to be involved.
held_year as (
    select
        la_code,
        period,
        source_id
    from {{ ref('int_social_care_window') }}
    where source_id in ('cin_census', 'ssda903') and is_year
)

select
    strata_by_involvement.*,
    coalesce(unlinked_counts.unlinked_children, 0) as unlinked_children,
    coalesce(unlinked_counts.children, 0) as children_of_school_age
from strata_by_involvement
inner join held_year
    on
        strata_by_involvement.la_code = held_year.la_code
        and strata_by_involvement.reporting_year = held_year.period
        and held_year.source_id
        = case when strata_by_involvement.involvement = 'in care on 31 March' then 'ssda903' else 'cin_census' end
left join unlinked_counts
    on
        strata_by_involvement.la_code = unlinked_counts.la_code
        and strata_by_involvement.reporting_year = unlinked_counts.reporting_year
        and strata_by_involvement.involvement = unlinked_counts.involvement
