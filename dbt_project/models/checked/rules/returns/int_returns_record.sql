{{ config(materialized='table') }}

with

landed as (
    {%- for identity in record_identities() %}
    {%- set dates = identity.get('dates', []) %}
    {%- set key_parts = [] %}
    {%- for part in record_key_parts(identity) %}
    {%- do key_parts.append("coalesce(" ~ part ~ "::varchar, '')") %}
    {%- endfor %}
    select
        '{{ identity['record_id'] }}' as record_id,
        landed_row_id,
        load_id,
        load_seq,
        source_row,
        source_path,
        la_code,
        collection_year,
        parent_row_id,
        content_hash,
        {{ 'child_key' if 'child_key' in identity['keys'] else 'null::varchar' }} as child_key,
        {{ dates[0] ~ '::date' if dates else 'null::date' }} as event_date,
        {{ identity['keys'] | join(' is not null and ') }} is not null as has_key,
        {{ (dates | join(' is not null and ')) ~ ' is not null' if dates else 'true' }} as has_date,
        {{ 'parent_row_id' if identity.get('of_parent') else 'null::bigint' }} as fate_row_id,
        concat_ws('|', {{ key_parts | join(', ') }}) as record_key
    from {{ ref('stg_returns__' ~ identity['record_id']) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

usable as (
    select
        record_id,
        landed_row_id,
        coalesce(collection_year, 0) as collection_order,
        content_hash,
        record_key
    from landed
    where has_key and has_date
),

-- The latest collection counts, of it the latest load, of that the last in the file: a landed_row_id grows with both.
latest_collection as (
    select
        record_id,
        record_key,
        max(collection_order) as collection_order
    from usable
    group by record_id, record_key
    having count(*) > 1
),

latest_version as (
    select
        usable.record_id,
        usable.record_key,
        max(usable.landed_row_id) as landed_row_id
    from usable
    inner join latest_collection
        on
            usable.record_id = latest_collection.record_id
            and usable.record_key = latest_collection.record_key
            and usable.collection_order = latest_collection.collection_order
    group by usable.record_id, usable.record_key
),

versions as (
    select
        usable.landed_row_id,
        usable.collection_order,
        usable.content_hash,
        latest.landed_row_id as latest_landed_row_id,
        latest.collection_order as latest_collection_order,
        latest.content_hash as latest_content_hash
    from usable
    inner join latest_version
        on
            usable.record_id = latest_version.record_id
            and usable.record_key = latest_version.record_key
    inner join usable as latest
        on latest_version.landed_row_id = latest.landed_row_id
),

-- The same words in the same collection are a duplicate; anything else is an older version.
replaced as (
    select
        landed_row_id,
        latest_landed_row_id as replaced_by_landed_row_id,
        case
            when
                content_hash = latest_content_hash
                and collection_order = latest_collection_order
                then 'duplicate'
            else 'superseded'
        end as replaced_how
    from versions
    where landed_row_id != latest_landed_row_id
),

resolved as (
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
        coalesce(replaced.replaced_by_landed_row_id, parents.replaced_by_landed_row_id) as replaced_by_landed_row_id,
        coalesce(replaced.replaced_how, parents.replaced_how) as replaced_how
    from landed
    left join replaced
        on landed.landed_row_id = replaced.landed_row_id
    left join replaced as parents
        on landed.fate_row_id = parents.landed_row_id
),

marked as (
    select
        *,
        has_key and has_date and replaced_how is null as is_latest
    from resolved
)

select * from marked
