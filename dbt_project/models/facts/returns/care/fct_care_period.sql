{#- Of episodes of one day the one that lasted comes last. -#}
{%- set by_beginning -%}
    start_date, end_date nulls last, reason_episode_ceased, legal_status
{%- endset -%}
{#- A period ends with the episode that ends last, wherever others overlap; of several of one day X1 is not the one. -#}
{%- set by_end -%}
    end_date nulls last, reason_episode_ceased = 'X1' desc nulls last, start_date, reason_episode_ceased, legal_status
{%- endset -%}

with

episodes as (
    select * from {{ ref('fct_care_episode') }}
    where not is_short_break
),

periods as (
    select
        la_code,
        child_key,
        care_period_no,
        min(start_date) as start_date,
        case when count(*) = count(end_date) then max(end_date) end as end_date,
        -- The reason of the episode that ends it, also where it has none. X1 ends nothing: it says that one follows.
        nullif({{ value_of_last('reason_episode_ceased', by_end) }}, 'X1') as last_reason,
        coalesce({{ value_of_first('legal_status', by_beginning) }} in ('J1', 'J2', 'J3'), false) as started_on_remand
    from episodes
    group by la_code, child_key, care_period_no
),

described_periods as (
    select
        la_code,
        child_key,
        care_period_no,
        start_date,
        end_date,
        case when end_date is not null then last_reason end as reason_ceased,
        end_date is not null and coalesce(last_reason in ('E4A', 'E4B', 'E13'), false) as is_returned_home,
        case
            when end_date is null then null
            when last_reason = 'E4A' then 'planned'
            when last_reason = 'E4B' then 'unplanned'
            when last_reason = 'E13' then 'no_parental_responsibility'
        end as return_kind,
        started_on_remand,
        {{ year_to_march('start_date') }} as reporting_year_started,
        {{ year_to_march('end_date') }} as reporting_year_ceased,
        end_date is not null and last_reason is not null as has_reason_ceased
    from periods
)

select * from described_periods
