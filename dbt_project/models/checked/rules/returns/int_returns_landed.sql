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
        {{ identity.get('going_on', 'false') }} as is_going_on,
        coalesce({{ identity.get('unfinished', 'false') }}, false) as is_unfinished,
        {{ 'parent_row_id' if identity.get('of_parent') else 'null::bigint' }} as fate_row_id,
        concat_ws('|', {{ key_parts | join(', ') }}) as record_key
    from {{ ref('stg_returns__' ~ identity['record_id']) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

standings as (
    select * from {{ source('ops', 'delivery_standing') }}
)

select
    landed.*,
    coalesce(standings.standing, 'in_force') as standing,
    coalesce(standings.standing in ('in_force', 'in_part'), true) as is_in_force,
    coalesce(standings.place, 0) as place,
    standings.replaced_by_load_id
from landed
left join standings
    on landed.load_seq = standings.load_seq and landed.record_id = standings.record_id
