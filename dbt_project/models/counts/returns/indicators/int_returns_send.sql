{%- set involvements = [
    ('in_need', 'in need'), ('on_plan', 'on a plan'), ('looked_after', 'looked after'),
    ('referred', 'referred in the year'),
] -%}
with

pupil as (
    -- The last census of a year speaks for it.
    select
        la_code,
        reporting_year,
        upn_key,
        sen_provision,
        sex,
        birth_month,
        census_date
    from {{ ref('fct_school_census_pupil') }}
    where (la_code, reporting_year, census_date) in (
        select (latest.la_code, latest.reporting_year, max(latest.census_date))
        from {{ ref('fct_school_census_pupil') }} as latest
        group by latest.la_code, latest.reporting_year
    )
),

child as (
    select
        la_code,
        child_key,
        upn_key
    from {{ ref('dim_child') }}
    where upn_key is not null
),

statuses as (
    select * from {{ ref('child_on_31_march') }}
),

referred_children as (
    select distinct
        la_code,
        child_key,
        reporting_year
    from {{ ref('fct_referral') }}
),

-- A pupil in two schools, or two children with one number, is one pupil.
pupils_with_involvement as (
    select
        pupil.la_code,
        pupil.reporting_year,
        pupil.upn_key,
        bool_or(coalesce(pupil.sen_provision in ('K', 'E', 'S'), false)) as has_send,
        coalesce(min(pupil.sex), 'U') as sex_stratum,
        min(pupil.birth_month) as birth_month,
        max(pupil.census_date) as census_date,
        bool_or(coalesce(statuses.is_in_need, false)) as is_in_need,
        bool_or(coalesce(statuses.is_on_plan, false)) as is_on_plan,
        bool_or(coalesce(statuses.is_looked_after, false)) as is_looked_after,
        bool_or(referred_children.child_key is not null) as is_referred
    from pupil
    left join child on pupil.la_code = child.la_code and pupil.upn_key = child.upn_key
    left join statuses
        on
            child.la_code = statuses.la_code
            and child.child_key = statuses.child_key
            and pupil.reporting_year = statuses.reporting_year
    left join referred_children
        on
            child.la_code = referred_children.la_code
            and child.child_key = referred_children.child_key
            and pupil.reporting_year = referred_children.reporting_year
    group by pupil.la_code, pupil.reporting_year, pupil.upn_key
),

pupils_with_age as (
    select
        *,
        {{ completed_months_between('birth_month', 'census_date') }} as age_months
    from pupils_with_involvement
),

strata as (
    select
        la_code,
        reporting_year,
        sex_stratum,
        case
            when age_months is null then 'unknown'
            when age_months < 60 then '0-4'
            when age_months < 132 then '5-10'
            when age_months < 192 then '11-15'
            else '16+'
        end as age_band,
        count(*) as pupils,
        count(*) filter (where has_send) as send_pupils,
        {% for column, involvement in involvements %}
        count(*) filter (where is_{{ column }}) as pupils_{{ column }},
        count(*) filter (where is_{{ column }} and has_send) as send_pupils_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from pupils_with_age
    group by
        la_code,
        reporting_year,
        sex_stratum,
        case
            when age_months is null then 'unknown'
            when age_months < 60 then '0-4'
            when age_months < 132 then '5-10'
            when age_months < 192 then '11-15'
            else '16+'
        end
),

-- Expected: the pupils with special educational needs involved, had they the rate of all pupils of their age and sex.
-- Of decimals: a sum of binary fractions would depend on the order in which rows arrive.
involvement_sums as (
    {% for column, involvement in involvements %}
    select
        la_code,
        reporting_year,
        '{{ involvement }}' as involvement,
        cast(sum(send_pupils_{{ column }}) as bigint) as observed,
        cast(
            sum(cast(send_pupils * pupils_{{ column }} / cast(pupils as double) as decimal(28, 9))) as double
        ) as expected,
        cast(sum(send_pupils) as bigint) as send_pupils,
        sum(pupils_{{ column }}) as pupils
    from strata
    group by la_code, reporting_year
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

-- An involvement is known in a year whose return is held; where nobody at all is involved nothing can be expected.
select
    involvement_sums.la_code,
    involvement_sums.reporting_year,
    involvement_sums.involvement,
    involvement_sums.observed,
    involvement_sums.expected,
    involvement_sums.send_pupils
from involvement_sums
inner join {{ ref('int_social_care_window') }} as held_year
    on
        involvement_sums.la_code = held_year.la_code
        and involvement_sums.reporting_year = held_year.period
        and held_year.is_year
        and held_year.source_id
        = case when involvement_sums.involvement = 'looked after' then 'ssda903' else 'cin_census' end
where involvement_sums.pupils > 0
