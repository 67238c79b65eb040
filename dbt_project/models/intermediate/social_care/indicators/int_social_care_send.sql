with

pupil as (
    -- The last census of a year speaks for it.
    select * from {{ ref('fct_school_census_pupil') }}
    qualify census_date = max(census_date) over (partition by la_code, reporting_year)
),

child as (
    select
        la_code,
        child_key,
        upn_key
    from {{ ref('dim_child') }}
    where upn_key is not null
),

-- A pupil in two schools is one pupil.
counted as (
    select
        la_code,
        reporting_year,
        upn_key,
        max(case when sen_provision in ('K', 'E', 'S') then 1 else 0 end) = 1 as has_send,
        min(sex) as sex,
        min(birth_month) as birth_month,
        max(census_date) as census_date
    from pupil
    group by la_code, reporting_year, upn_key
),

stratified as (
    select
        *,
        coalesce(sex, 'U') as sex_stratum,
        case
            when birth_month is null then 'unknown'
            when {{ completed_months_between('birth_month', 'census_date') }} < 60 then '0-4'
            when {{ completed_months_between('birth_month', 'census_date') }} < 132 then '5-10'
            when {{ completed_months_between('birth_month', 'census_date') }} < 192 then '11-15'
            else '16+'
        end as age_band
    from counted
),

status as (
    select
        la_code,
        child_key,
        reporting_year,
        'in need' as involvement
    from {{ ref('child_on_31_march') }}
    where is_in_need
    union all
    select
        la_code,
        child_key,
        reporting_year,
        'on a plan' as involvement
    from {{ ref('child_on_31_march') }}
    where is_on_plan
    union all
    select
        la_code,
        child_key,
        reporting_year,
        'looked after' as involvement
    from {{ ref('child_on_31_march') }}
    where is_looked_after
    union all
    select distinct
        la_code,
        child_key,
        reporting_year,
        'referred in the year' as involvement
    from {{ ref('fct_referral') }}
),

involved as (
    select distinct
        status.la_code,
        status.reporting_year,
        status.involvement,
        child.upn_key
    from status
    inner join child on status.la_code = child.la_code and status.child_key = child.child_key
),

involvement as (
    select distinct
        la_code,
        reporting_year,
        involvement
    from involved
),

marked as (
    select
        involvement.la_code,
        involvement.reporting_year,
        involvement.involvement,
        stratified.age_band,
        stratified.sex_stratum,
        count(*) as pupils,
        count(*) filter (where stratified.has_send) as send_pupils,
        count(involved.upn_key) as involved_pupils,
        count(involved.upn_key) filter (where stratified.has_send) as involved_send_pupils
    from involvement
    inner join stratified
        on involvement.la_code = stratified.la_code and involvement.reporting_year = stratified.reporting_year
    left join involved
        on
            involvement.la_code = involved.la_code
            and involvement.reporting_year = involved.reporting_year
            and involvement.involvement = involved.involvement
            and stratified.upn_key = involved.upn_key
    group by
        involvement.la_code,
        involvement.reporting_year,
        involvement.involvement,
        stratified.age_band,
        stratified.sex_stratum
),

-- Expected: the pupils with special educational needs involved, had they the rate of all pupils of their age and sex.
summed as (
    select
        la_code,
        reporting_year,
        involvement,
        sum(involved_send_pupils) as observed,
        -- Of decimals: a sum of binary fractions would depend on the order in which rows arrive.
        cast(sum(cast(send_pupils * involved_pupils / cast(pupils as double) as decimal(28, 9))) as double) as expected,
        sum(send_pupils) as send_pupils
    from marked
    group by la_code, reporting_year, involvement
)

select
    la_code,
    reporting_year,
    involvement,
    cast(observed as bigint) as observed,
    expected,
    cast(send_pupils as bigint) as send_pupils
from summed
