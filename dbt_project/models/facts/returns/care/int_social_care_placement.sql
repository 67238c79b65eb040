{{ config(
    materialized='view', schema='intermediate', access='protected', contract={'enforced': false}
) }}

with

episodes as (
    select * from {{ ref('fct_care_episode') }}
    where not is_short_break
),

postcode_sectors as (
    select
        landed_row_id,
        home_postcode_sector,
        placement_postcode_sector
    from {{ ref('stg_returns__s903_episode') }}
),

-- No return says how far away a placement is; that it lies in another postcode area is the nearest it can say.
placements as (
    select
        episodes.episode_key,
        episodes.la_code,
        episodes.child_key,
        episodes.start_date,
        episodes.end_date,
        regexp_extract(postcode_sectors.home_postcode_sector, '^[A-Z]+')
        <> regexp_extract(postcode_sectors.placement_postcode_sector, '^[A-Z]+') as is_away,
        postcode_sectors.home_postcode_sector is not null
        and postcode_sectors.placement_postcode_sector is not null as has_both_postcodes
    from episodes
    left join postcode_sectors on episodes.episode_key = postcode_sectors.landed_row_id
)

select * from placements
