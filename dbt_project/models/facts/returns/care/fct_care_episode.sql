{#-
    An episode ends when the next begins, with the child's life, and with childhood, whether or not the return says so.
    Those accommodated in a community home under section 20(5) of the Children Act 1989 (K2 under V2) can stay until 21.
-#}
{%- set ends = {
    'return': 'last_day',
    'next_episode': 'case when last_day is null then next_start_date end',
    'absence': 'case when last_day is null then absent_from end',
    'death': 'died_by',
    'birthday': "case when legal_status = 'V2' and placement_type = 'K2' then is_21_by else is_18_by end",
} -%}

with

accepted_episodes as (
    {{ accepted_records(
        ref('stg_returns__s903_episode'), ref('int_returns_disposition'),
        ['end_date', 'reason_episode_ceased']
    ) }}
),

episodes_told as (
    select
        *,
        coalesce(legal_status in ('V3', 'V4'), false) as is_short_break
    from accepted_episodes
),

episodes_in_order as (
    select
        *,
        lead(start_date) over (
            partition by la_code, child_key, is_short_break order by start_date, end_date nulls last, landed_row_id
        ) as next_start_date,
        max(case when reason_episode_ceased is distinct from 'X1' then coalesce(end_date, date '9999-12-31') end) over (
            partition by la_code, child_key, is_short_break
        ) as last_other_end,
        max(start_date) over (partition by la_code, child_key) as last_start_date
    from episodes_told
),

-- An episode that ends because the next begins (X1) goes on where none does, unless another ends no earlier.
episodes_ended as (
    select
        *,
        case
            when
                reason_episode_ceased = 'X1' and next_start_date is null
                -- A short break may be what follows.
                and not (last_start_date > start_date and last_start_date >= end_date)
                and coalesce(last_other_end < end_date, true)
                then null
            else end_date
        end as last_day
    from episodes_in_order
),

limits as (
    select * from {{ ref('int_child_limit') }}
),

episodes as (
    select
        episodes_ended.* exclude (last_day) replace ({{ earliest_end('start_date', ends) }} as end_date),
        {{ ended_by(ends) }} as ended_by
    from episodes_ended
    left join limits
        on episodes_ended.la_code = limits.la_code and episodes_ended.child_key = limits.child_key
),

-- A short break is no period of care, and interrupts none.
episodes_with_earlier as (
    select
        *,
        max(coalesce(end_date, date '9999-12-31')) over (
            partition by la_code, child_key, is_short_break
            order by start_date, end_date nulls last, landed_row_id
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
        ended_by,
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
                        order by start_date, end_date nulls last, landed_row_id
                        rows between unbounded preceding and current row
                    )::integer
        end as care_period_no
    from episodes_with_earlier
)

select * from episodes_in_periods
