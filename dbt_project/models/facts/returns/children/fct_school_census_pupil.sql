with

accepted_pupils as (
    {{ accepted_records(ref('stg_returns__school_census_pupil'), ref('int_returns_disposition'), ['birth_month']) }}
),

children as (
    select * from {{ ref('dim_child') }}
),

-- A pupil number that two children have says nothing about either.
children_by_pupil_number as (
    select
        la_code,
        upn_key,
        max(child_key) as child_key
    from children
    where upn_key is not null
    group by la_code, upn_key
    having count(*) = 1
),

pupils as (
    select
        accepted_pupils.landed_row_id,
        accepted_pupils.la_code,
        accepted_pupils.upn_key,
        children_by_pupil_number.child_key,
        accepted_pupils.census_date,
        {{ year_to_march('accepted_pupils.census_date') }} as reporting_year,
        accepted_pupils.birth_month,
        accepted_pupils.sex,
        accepted_pupils.sen_provision,
        accepted_pupils.sen_primary_need
    from accepted_pupils
    left join children_by_pupil_number
        on
            accepted_pupils.la_code = children_by_pupil_number.la_code
            and accepted_pupils.upn_key = children_by_pupil_number.upn_key
)

select * from pupils
