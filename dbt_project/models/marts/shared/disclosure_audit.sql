with

form_count as (
    select
        'insights' as theme,
        period,
        geography_code,
        printed,
        draw,
        rounds,
        is_hidden,
        is_told,
        abs(printed - count) as distance
    from {{ ref('int_disclosure_count') }}
),

return_count as (
    select
        'social_care' as theme,
        period,
        la_code as geography_code,
        printed,
        draw,
        rounds,
        is_hidden,
        is_told,
        abs(printed - count) as distance
    from {{ ref('int_disclosure_return') }}
    where not is_known
),

-- What was public before was found safe then, or it would not be. Of the returns it is looked at again, together with
-- what is new, because periods share relations.
public_count as (
    select
        theme,
        period,
        geography_code,
        printed,
        draw,
        rounds,
        is_hidden,
        false as is_told,
        abs(printed - true_count) as distance
    from {{ source('ops', 'public_count') }}
),

audited_counts as (
    select * from form_count
    union all
    select * from return_count
    union all
    select * from public_count
    where theme = 'insights'
)

select
    theme,
    period,
    geography_code,
    (select programme.disclosure_threshold from {{ ref('programme') }} as programme) as threshold,
    count(*) as counts,
    count(*) filter (where printed is not null) as printed,
    count(*) filter (where printed is null and not is_hidden) as of_small_groups,
    count(*) filter (where is_hidden) as hidden,
    count(*) filter (where draw > 0) as drawn_anew,
    max(rounds) as rounds,
    max(distance) as largest_distance,
    count(*) filter (where is_told) as told
from audited_counts
group by theme, period, geography_code
