{{ config(materialized='table') }}

with recursive

landed as (
    select * from {{ ref('int_returns_landed') }}
),

crowd as (
    select * from {{ ref('int_returns_crowd') }}
),

standings as (
    select * from {{ source('ops', 'delivery_standing') }}
),

-- What breaks a rule that no record of an event may break, so that another one speaks where there is one.
broken as (
    {{ records_set_aside(ref('int_returns_problem_version'), ref('validation_rule')) }}
),

-- Records that count, one for an event of a collection.
told_once as (
    select
        landed.record_id,
        landed.landed_row_id,
        coalesce(landed.collection_year, 0) as collection_order,
        landed.record_key,
        coalesce(crowd.ordinal, 1) as ordinal,
        landed.landed_row_id in (select broken.landed_row_id from broken) as is_broken
    from landed
    left join crowd on landed.landed_row_id = crowd.landed_row_id
    where
        landed.has_key
        and landed.has_date
        and landed.fate_row_id is null
        and landed.is_in_force
        and coalesce(crowd.speaker_row_id = crowd.landed_row_id and not crowd.is_contested, true)
),

-- The latest collection speaks for an event, of those whose record is not set aside for what it says.
several_collections as (
    select
        record_id,
        record_key,
        ordinal,
        list(collection_order) as collections,
        max(collection_order) as last_collection,
        coalesce(max(collection_order) filter (where not is_broken), max(collection_order)) as speaking_collection
    from told_once
    group by record_id, record_key, ordinal
    having count(*) > 1
),

versions as (
    select
        told_once.landed_row_id,
        latest.landed_row_id as latest_row_id,
        several_collections.collections,
        several_collections.last_collection,
        told_once.collection_order > several_collections.speaking_collection as is_stood_in_for
    from told_once
    inner join several_collections
        on
            told_once.record_id = several_collections.record_id
            and told_once.record_key = several_collections.record_key
            and told_once.ordinal = several_collections.ordinal
    inner join told_once as latest
        on
            several_collections.record_id = latest.record_id
            and several_collections.record_key = latest.record_key
            and several_collections.ordinal = latest.ordinal
            and several_collections.speaking_collection = latest.collection_order
),

-- What an authority has sent whole, and when it did so next.
collections as (
    select distinct
        la_code,
        record_id,
        collection_year
    from standings
    where standing = 'in_force' and collection_year is not null
),

next_collections as (
    select
        *,
        lead(collection_year) over (partition by la_code, record_id order by collection_year) as next_year
    from collections
),

latest_events as (
    select
        landed.record_id,
        landed.landed_row_id,
        landed.la_code,
        landed.child_key,
        landed.event_date,
        landed.is_going_on,
        landed.is_unfinished,
        told_once.is_broken,
        coalesce(versions.last_collection, landed.collection_year) as last_year,
        coalesce(versions.collections, [landed.collection_year]) as collections
    from landed
    inner join told_once on landed.landed_row_id = told_once.landed_row_id
    left join versions on landed.landed_row_id = versions.landed_row_id
    where
        coalesce(versions.latest_row_id = landed.landed_row_id, true)
        and landed.collection_year is not null
),

-- Going on at the end of a collection, and not told by the next.
left_out as (
    select
        latest_events.*,
        next_collections.next_year
    from latest_events
    inner join next_collections
        on
            latest_events.la_code = next_collections.la_code
            and latest_events.record_id = next_collections.record_id
            and latest_events.last_year = next_collections.collection_year
    where (latest_events.is_going_on or latest_events.is_unfinished) and next_collections.next_year is not null
),

-- An event that the next collection has and this one has not, near enough, is the same one, its first day corrected.
pairs as (
    select
        left_out.landed_row_id,
        left_out.event_date,
        latest_events.landed_row_id as corrected_row_id,
        latest_events.event_date as corrected_date,
        latest_events.is_broken,
        abs({{ days_between('left_out.event_date', 'latest_events.event_date') }}) as days,
        case left_out.record_id
            {%- for identity in record_identities() if identity.get('corrected_within') %}
            when '{{ identity['record_id'] }}' then {{ identity['corrected_within'] }}
            {%- endfor %}
        end as most_days
    from left_out
    inner join latest_events
        on
            left_out.record_id = latest_events.record_id
            and left_out.la_code = latest_events.la_code
            and left_out.child_key = latest_events.child_key
            and list_contains(latest_events.collections, left_out.next_year)
            and not list_contains(latest_events.collections, left_out.last_year)
    where left_out.is_going_on
),

ranked_pairs as (
    select
        landed_row_id,
        corrected_row_id,
        is_broken,
        row_number() over (
            partition by landed_row_id
            order by days, corrected_date, corrected_row_id
        ) as place_of_corrected,
        row_number() over (
            partition by corrected_row_id
            order by days, event_date, landed_row_id
        ) as place_of_left_out
    from pairs
    where days <= most_days
),

corrected_once as (
    select
        landed_row_id,
        corrected_row_id,
        is_broken
    from ranked_pairs
    where place_of_corrected = 1 and place_of_left_out = 1
),

-- A correction that is set aside for what it says corrects nothing: what was told before stands in.
corrected_rightly as (
    select
        landed_row_id,
        corrected_row_id
    from corrected_once
    where not is_broken
),

stood_in_for as (
    select
        corrected_row_id as landed_row_id,
        landed_row_id as stand_in_row_id
    from corrected_once
    where is_broken
),

-- What was corrected may be corrected again.
corrected_at_last as (
    select * from corrected_rightly
    union all
    select
        corrected_at_last.landed_row_id,
        corrected_rightly.corrected_row_id
    from corrected_at_last
    inner join corrected_rightly on corrected_at_last.corrected_row_id = corrected_rightly.landed_row_id
),

corrected as (
    select *
    from corrected_at_last
    where corrected_row_id not in (select corrected_rightly.landed_row_id from corrected_rightly)
),

ended_by_absence as (
    select
        landed_row_id,
        make_date(next_year - 1, 4, 1) as absent_from
    from left_out
    where landed_row_id not in (select corrected_once.landed_row_id from corrected_once)
),

-- Of an event that an earlier delivery tells, what the delivery in force says of it.
still_told as (
    select
        landed.landed_row_id,
        min(told_once.landed_row_id) as told_row_id
    from landed
    inner join told_once
        on
            landed.record_id = told_once.record_id
            and landed.record_key = told_once.record_key
            and coalesce(landed.collection_year, 0) = told_once.collection_order
    where landed.standing = 'replaced' and landed.fate_row_id is null
    group by landed.landed_row_id
),

events as (
    select
        landed.landed_row_id,
        landed.is_in_force,
        coalesce(still_told.told_row_id, crowd.speaker_row_id, landed.landed_row_id) as speaker_row_id,
        coalesce(crowd.says_the_same, landed.content_hash = told.content_hash) as says_the_same,
        coalesce(crowd.is_stood_in_for, false) as is_stood_in_for,
        case
            when not (landed.has_key and landed.has_date) then null
            when landed.standing in ('waiting', 'unconfirmed', 'moved') or crowd.is_contested
                then 'conflicting_versions'
            when landed.standing = 'mistaken' then 'withdrawn'
            when landed.standing = 'replaced' and still_told.landed_row_id is null then 'withdrawn'
        end as set_apart
    from landed
    left join crowd on landed.landed_row_id = crowd.landed_row_id
    left join still_told on landed.landed_row_id = still_told.landed_row_id
    left join landed as told on still_told.told_row_id = told.landed_row_id
    where landed.fate_row_id is null
),

events_at_last as (
    select
        events.* exclude (is_stood_in_for),
        coalesce(
            stood_in_for.stand_in_row_id, corrected.corrected_row_id, versions.latest_row_id, events.speaker_row_id
        ) as latest_row_id,
        events.is_stood_in_for
        or coalesce(versions.is_stood_in_for, false)
        or stood_in_for.landed_row_id is not null as is_stood_in_for
    from events
    left join versions on events.speaker_row_id = versions.landed_row_id
    left join corrected
        on coalesce(versions.latest_row_id, events.speaker_row_id) = corrected.landed_row_id
    left join stood_in_for
        on coalesce(versions.latest_row_id, events.speaker_row_id) = stood_in_for.landed_row_id
),

-- What lies in a record and shares its fate: one for a key, of the delivery in force.
inner_records as (
    select
        landed.landed_row_id,
        events_at_last.set_apart,
        events_at_last.speaker_row_id as holder_row_id,
        events_at_last.latest_row_id,
        events_at_last.is_stood_in_for,
        first_value(landed.landed_row_id) over of_one_key as speaker_row_id,
        first_value(landed.standing) over of_one_key as standing
    from landed
    inner join events_at_last on landed.fate_row_id = events_at_last.landed_row_id
    where landed.has_key and landed.has_date
    window of_one_key as (
        partition by events_at_last.speaker_row_id, landed.record_id, landed.record_key
        order by landed.standing = 'replaced', landed.landed_row_id
    )
),

resolved as (
    select
        landed_row_id,
        case when set_apart is null and latest_row_id != landed_row_id then latest_row_id end
            as replaced_by_landed_row_id,
        case
            when set_apart is not null then set_apart
            when latest_row_id = landed_row_id then null
            when is_stood_in_for and is_in_force then 'set_aside'
            when says_the_same and latest_row_id = speaker_row_id then 'duplicate'
            else 'superseded'
        end as replaced_how
    from events_at_last
    union all
    select
        landed_row_id,
        case
            when set_apart is not null or standing = 'replaced' then null
            when latest_row_id != holder_row_id then latest_row_id
            when speaker_row_id != landed_row_id then speaker_row_id
        end as replaced_by_landed_row_id,
        case
            when set_apart is not null then set_apart
            when standing = 'replaced' then 'withdrawn'
            when is_stood_in_for then 'set_aside'
            when latest_row_id != holder_row_id then 'superseded'
            when speaker_row_id != landed_row_id then 'duplicate'
        end as replaced_how
    from inner_records
),

-- Whom the looked-after return of a year named and does not name any more.
withdrawn_children as (
    select distinct
        landed.la_code,
        landed.child_key,
        landed.collection_year
    from landed
    inner join resolved on landed.landed_row_id = resolved.landed_row_id
    where
        landed.record_id = 's903_header' and landed.standing = 'replaced' and resolved.replaced_how = 'withdrawn'
)

select
    landed.record_id,
    landed.landed_row_id,
    landed.load_id,
    landed.load_seq,
    landed.source_row,
    landed.source_path,
    landed.la_code,
    landed.collection_year,
    landed.parent_row_id,
    landed.child_key,
    landed.event_date,
    landed.has_key,
    landed.has_date,
    coalesce(crowd.ordinal, 1) as ordinal,
    landed.is_in_force and not coalesce(crowd.is_contested, false) as is_in_force,
    resolved.replaced_by_landed_row_id,
    resolved.replaced_how,
    case when resolved.replaced_how = 'withdrawn' then landed.replaced_by_load_id end as withdrawn_by_load_id,
    ended_by_absence.absent_from,
    landed.record_id like 's903%' and withdrawn_children.child_key is not null as is_child_withdrawn,
    landed.has_key and landed.has_date and resolved.replaced_how is null as is_latest
from landed
left join resolved on landed.landed_row_id = resolved.landed_row_id
left join crowd on landed.landed_row_id = crowd.landed_row_id
left join ended_by_absence on landed.landed_row_id = ended_by_absence.landed_row_id
left join withdrawn_children
    on
        landed.la_code = withdrawn_children.la_code
        and landed.child_key = withdrawn_children.child_key
        and landed.collection_year = withdrawn_children.collection_year
