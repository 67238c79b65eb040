with

episodes as (
    {{ accepted_records(
        ref('stg_returns__missing_episode'), ref('int_returns_disposition'),
        ['ended_at', 'interview_offered_on', 'interview_done_on']
    ) }}
),

care as (
    select * from {{ ref('fct_care_episode') }}
    where not is_short_break
),

in_care as (
    select
        episodes.landed_row_id,
        bool_or(care.is_residential) as is_residential
    from episodes
    inner join care
        on
            episodes.la_code = care.la_code
            and episodes.child_key = care.child_key
            and care.start_date <= episodes.started_at::date
            and (care.end_date is null or care.end_date > episodes.started_at::date)
    group by episodes.landed_row_id
),

measured as (
    select
        episodes.landed_row_id as episode_key,
        episodes.la_code,
        episodes.child_key,
        episodes.started_at,
        episodes.ended_at,
        {{ year_to_march('episodes.started_at') }} as reporting_year,
        coalesce(episodes.missing_class, 'unclassified') as missing_class,
        epoch(episodes.ended_at - episodes.started_at) / 86400.0 as duration_days,
        episodes.notified_by,
        in_care.landed_row_id is not null as is_looked_after_at_start,
        coalesce(in_care.is_residential, false) as is_residential_at_start,
        coalesce(episodes.is_vulnerable, false) as is_vulnerable,
        episodes.interview_offered_on,
        episodes.interview_done_on
    from episodes
    left join in_care
        on episodes.landed_row_id = in_care.landed_row_id
),

-- Completed days of 24 hours.
banded as (
    select
        episode_key,
        la_code,
        child_key,
        started_at,
        ended_at,
        reporting_year,
        missing_class,
        duration_days,
        case
            when duration_days is null then 'duration not recorded'
            when duration_days < 1 then 'less than 1 day'
            when duration_days < 2 then '1 day'
            when duration_days < 4 then '2-3 days'
            when duration_days < 9 then '4-8 days'
            when duration_days < 15 then '9-14 days'
            when duration_days < 29 then '15-28 days'
            else 'over 28 days'
        end as duration_band,
        notified_by,
        is_looked_after_at_start,
        is_residential_at_start,
        is_vulnerable,
        interview_offered_on,
        interview_done_on
    from measured
)

select * from banded
