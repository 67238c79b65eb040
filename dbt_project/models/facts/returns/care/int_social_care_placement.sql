{{ config(
    materialized='view', schema='intermediate', access='protected', contract={'enforced': false}
) }}

with

episode as (
    select * from {{ ref('fct_care_episode') }}
    where not is_short_break
),

sector as (
    select
        landed_row_id,
        home_postcode_sector,
        placement_postcode_sector
    from {{ ref('stg_returns__s903_episode') }}
),

-- No return says how far away a placement is; that it lies in another postcode area is the nearest it can say.
described as (
    select
        episode.episode_key,
        episode.la_code,
        episode.child_key,
        episode.start_date,
        episode.end_date,
        regexp_extract(sector.home_postcode_sector, '^[A-Z]+')
        <> regexp_extract(sector.placement_postcode_sector, '^[A-Z]+') as is_away
    from episode
    left join sector on episode.episode_key = sector.landed_row_id
)

select * from described
