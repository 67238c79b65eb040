{{ config(
    materialized='table', schema='intermediate', access='protected', contract={'enforced': false}
) }}

with

-- Of several births told the youngest: only then is it certain what somebody is too old for.
births as (
    select
        la_code,
        child_key,
        max(birth_month) as birth_month
    from {{ ref('int_returns_particulars') }}
    where is_latest and child_key is not null
    group by la_code, child_key
),

-- What lies beyond the last collection has not happened yet.
last_days as (
    select
        la_code,
        make_date(max(collection_year), 3, 31) as last_day
    from {{ ref('int_returns_disposition') }}
    where starts_with(record_id, 'cin_') or starts_with(record_id, 's903_')
    group by la_code
),

census_children as (
    {{ accepted_records(ref('stg_returns__cin_child'), ref('int_returns_disposition'), ['death_month']) }}
),

care_episodes as (
    {{ accepted_records(
        ref('stg_returns__s903_episode'), ref('int_returns_disposition'),
        ['end_date', 'reason_episode_ceased']
    ) }}
),

-- Care that ended because the child died (E2), where nothing follows: a code with care after it is a wrong code.
deaths_in_care as (
    select
        la_code,
        child_key,
        max(end_date) as died_on
    from care_episodes
    group by la_code, child_key
    having
        count(*) = count(end_date)
        and max(end_date) = max(case when reason_episode_ceased = 'E2' then end_date end)
),

-- Of a death as of a birth the month is known, so its last day is when it has certainly been.
deaths_in_census as (
    select
        la_code,
        child_key,
        max({{ month_end('death_month') }}) as died_on
    from census_children
    where death_month is not null
    group by la_code, child_key
),

limits as (
    select
        births.la_code,
        births.child_key,
        -- Of two days told the later: until then nobody can be sure.
        greatest(deaths_in_census.died_on, deaths_in_care.died_on) as died_by,
        {{ month_end('births.birth_month + interval 18 year') }} as is_18_by,
        {{ month_end('births.birth_month + interval 21 year') }} as is_21_by
    from births
    left join deaths_in_census
        on births.la_code = deaths_in_census.la_code and births.child_key = deaths_in_census.child_key
    left join deaths_in_care
        on births.la_code = deaths_in_care.la_code and births.child_key = deaths_in_care.child_key
),

limits_reached as (
    select
        limits.la_code,
        limits.child_key,
        case when limits.died_by <= last_days.last_day then limits.died_by end as died_by,
        case when limits.is_18_by <= last_days.last_day then limits.is_18_by end as is_18_by,
        case when limits.is_21_by <= last_days.last_day then limits.is_21_by end as is_21_by
    from limits
    inner join last_days on limits.la_code = last_days.la_code
)

select * from limits_reached
where coalesce(died_by, is_18_by) is not null
