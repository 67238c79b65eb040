with

pupils as (
    {{ accepted_records(ref('stg_returns__school_census_pupil'), ref('int_returns_disposition'), ['birth_month']) }}
),

children as (
    select * from {{ ref('dim_child') }}
),

-- A pupil number that two children have says nothing about either.
numbered as (
    select
        la_code,
        upn_key,
        max(child_key) as child_key
    from children
    where upn_key is not null
    group by la_code, upn_key
    having count(*) = 1
),

linked as (
    select
        pupils.landed_row_id,
        pupils.la_code,
        pupils.upn_key,
        numbered.child_key,
        pupils.census_date,
        {{ year_to_march('pupils.census_date') }} as reporting_year,
        pupils.birth_month,
        pupils.sex,
        pupils.sen_provision,
        pupils.sen_primary_need
    from pupils
    left join numbered
        on
            pupils.la_code = numbered.la_code
            and pupils.upn_key = numbered.upn_key
)

select * from linked
