with

episodes as (
    select * from {{ ref('int_returns_care_episode') }}
),

described as (
    select
        landed_row_id as episode_key,
        la_code,
        child_key,
        start_date,
        end_date,
        {{ year_to_march('start_date') }} as reporting_year,
        reason_new_episode,
        legal_status,
        category_of_need,
        placement_type,
        placement_provider,
        reason_episode_ceased,
        is_short_break,
        -- Secure homes, children's homes, residential care homes and residential schools.
        coalesce(placement_type in ('K1', 'K2', 'R1', 'S1'), false) as is_residential,
        care_period_no
    from episodes
)

select * from described
