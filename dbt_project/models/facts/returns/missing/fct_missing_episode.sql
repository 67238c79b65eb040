with

accepted_episodes as (
    {{ accepted_records(
        ref('stg_returns__missing_episode'), ref('int_returns_disposition'),
        ['ended_at', 'interview_offered_on', 'interview_done_on']
    ) }}
),

care_episodes as (
    select * from {{ ref('fct_care_episode') }}
    where not is_short_break
),

episodes_in_care as (
    select
        accepted_episodes.landed_row_id,
        bool_or(care_episodes.is_residential) as is_residential
    from accepted_episodes
    inner join care_episodes
        on
            accepted_episodes.la_code = care_episodes.la_code
            and accepted_episodes.child_key = care_episodes.child_key
            and care_episodes.start_date <= accepted_episodes.started_at::date
            and (care_episodes.end_date is null or care_episodes.end_date > accepted_episodes.started_at::date)
    group by accepted_episodes.landed_row_id
),

episodes_with_duration as (
    select
        accepted_episodes.landed_row_id as episode_key,
        accepted_episodes.la_code,
        accepted_episodes.child_key,
        accepted_episodes.started_at,
        accepted_episodes.ended_at,
        {{ year_to_march('accepted_episodes.started_at') }} as reporting_year,
        coalesce(accepted_episodes.missing_class, 'unclassified') as missing_class,
        epoch(accepted_episodes.ended_at - accepted_episodes.started_at) / 86400.0 as duration_days,
        accepted_episodes.notified_by,
        episodes_in_care.landed_row_id is not null as is_looked_after_at_start,
        coalesce(episodes_in_care.is_residential, false) as is_residential_at_start,
        coalesce(accepted_episodes.is_vulnerable, false) as is_vulnerable,
        accepted_episodes.interview_offered_on,
        accepted_episodes.interview_done_on
    from accepted_episodes
    left join episodes_in_care
        on accepted_episodes.landed_row_id = episodes_in_care.landed_row_id
),

-- Completed days of 24 hours.
episodes as (
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
        interview_done_on,
        started_at::date as started_on
    from episodes_with_duration
)

select * from episodes
