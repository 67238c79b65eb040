with

accepted_episodes as (
    {{ accepted_records(
        ref('stg_returns__s903_episode'), ref('int_returns_disposition'),
        ['end_date', 'reason_episode_ceased']
    ) }}
),

episodes as (
    select
        *,
        coalesce(legal_status in ('V3', 'V4'), false) as is_short_break
    from accepted_episodes
),

-- A short break is no period of care, and interrupts none.
episodes_with_earlier as (
    select
        *,
        max(coalesce(end_date, date '9999-12-31')) over (
            partition by la_code, child_key, is_short_break
            order by start_date
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from episodes
),

episodes_in_periods as (
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
        case
            when not is_short_break
                then
                    sum(case when earlier_end_date >= start_date then 0 else 1 end) over (
                        partition by la_code, child_key, is_short_break
                        order by start_date
                        rows between unbounded preceding and current row
                    )::integer
        end as care_period_no
    from episodes_with_earlier
)

select * from episodes_in_periods
