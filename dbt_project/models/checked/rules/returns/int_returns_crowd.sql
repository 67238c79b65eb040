{#- What a record says of itself, and not of the file it came in. -#}
{%- set of_the_file = [
    'landed_row_id', 'load_id', 'load_seq', 'source_file', 'source_row', 'source_path', 'parent_row_id', 'content_hash',
    'landed_at', 'collection_year'
] -%}

with

landed as (
    select * from {{ ref('int_returns_landed') }}
),

-- What breaks a rule that no record of an event may break does not speak where an earlier delivery does.
broken as (
    {{ records_set_aside(ref('int_returns_problem_version'), ref('validation_rule')) }}
),

counted as (
    select
        record_id,
        landed_row_id,
        load_seq,
        collection_year,
        coalesce(collection_year, 0) as collection_order,
        place,
        record_key,
        is_going_on,
        landed_row_id in (select broken.landed_row_id from broken) as is_broken
    from landed
    where has_key and has_date and fate_row_id is null and is_in_force
),

crowded_collections as (
    select
        record_id,
        record_key,
        collection_order,
        coalesce(max(place) filter (where not is_broken), max(place)) as latest_place,
        count(*) > 1 as is_crowded
    from counted
    group by record_id, record_key, collection_order
),

crowded_keys as (
    select distinct
        record_id,
        record_key
    from crowded_collections
    where is_crowded
),

-- Also what other collections tell of an event that one of them tells more than once.
crowd as (
    select
        counted.*,
        crowded_collections.latest_place
    from counted
    inner join crowded_collections
        on
            counted.record_id = crowded_collections.record_id
            and counted.record_key = crowded_collections.record_key
            and counted.collection_order = crowded_collections.collection_order
    inner join crowded_keys
        on
            counted.record_id = crowded_keys.record_id
            and counted.record_key = crowded_keys.record_key
),

texts as (
    {%- for identity in record_identities() if not identity.get('of_parent') %}
    select
        landed_row_id,
        {{ identity.get('several', false) }} as can_be_several,
        {{ identity.get('unlikely', 'false') }} as is_unlikely,
        {{ row_text(of_the_file) }} as record_text
    from {{ ref('stg_returns__' ~ identity['record_id']) }}
    where
        landed_row_id in (
            select crowd.landed_row_id
            from crowd
            where crowd.record_id = '{{ identity['record_id'] }}'
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- The factors of an assessment are part of what it says.
inner_texts as (
    select
        fate_row_id,
        {{ group_text('record_key', distinct=true) }} as inner_text
    from landed
    where fate_row_id in (select crowd.landed_row_id from crowd)
    group by fate_row_id
),

told as (
    select
        crowd.*,
        texts.can_be_several,
        texts.is_unlikely,
        texts.record_text || coalesce(inner_texts.inner_text, '') as record_text
    from crowd
    inner join texts on crowd.landed_row_id = texts.landed_row_id
    left join inner_texts on crowd.landed_row_id = inner_texts.fate_row_id
),

told_by_load as (
    select
        record_id,
        record_key,
        collection_order,
        load_seq,
        {{ group_text('record_text', distinct=true) }} as load_text
    from told
    where place = latest_place
    group by record_id, record_key, collection_order, load_seq
),

-- Files of which nothing says which is later tell it differently.
contested as (
    select
        record_id,
        record_key,
        collection_order
    from told_by_load
    group by record_id, record_key, collection_order
    having count(distinct load_text) > 1
),

-- A telling is what one collection says in one place of its deliveries: records of it that differ are different events.
numbered as (
    select
        told.*,
        contested.record_key is not null and told.place = told.latest_place as is_contested,
        case
            when told.can_be_several
                then
                    dense_rank() over (
                        partition by told.record_id, told.record_key, told.collection_order, told.place
                        order by told.is_unlikely, told.record_text
                    )
            else 1
        end::integer as number_told
    from told
    left join contested
        on
            told.record_id = contested.record_id
            and told.record_key = contested.record_key
            and told.collection_order = contested.collection_order
),

tellings as (
    select
        record_id,
        record_key,
        collection_order,
        place,
        number_told,
        max(number_told) over (partition by record_id, record_key, collection_order, place) as events,
        max(number_told) over (partition by record_id, record_key) as most_events,
        min(record_text) as record_text,
        min(is_unlikely) as is_unlikely,
        max(is_going_on) as is_going_on
    from numbered
    group by record_id, record_key, collection_order, place, number_told
),

-- The telling that has most of them, of several the latest, says how many events there are.
events as (
    select
        *,
        number_told as ordinal
    from tellings
    where most_events > 1
    qualify rank() over (partition by record_id, record_key order by events desc, collection_order desc, place desc) = 1
),

others as (
    select tellings.*
    from tellings
    where
        tellings.most_events > 1
        and not exists (
            select 1
            from events
            where
                events.record_id = tellings.record_id
                and events.record_key = tellings.record_key
                and events.collection_order = tellings.collection_order
                and events.place = tellings.place
        )
),

places_of_others as (
    select distinct
        record_id,
        record_key,
        collection_order,
        place
    from others
),

-- Each of the others is one of these events: that which says the same.
{%- set event = ['record_id', 'record_key'] %}
{%- set telling = event + ['collection_order', 'place'] %}
{%- set of_telling = 'others.' ~ telling | join(', others.') %}

same_words as (
    select
        others.*,
        events.ordinal
    from others
    inner join events
        on {{ same_in('others', 'events', event + ['record_text']) }}
),

{#- Then the first that is left, of its kind and at last of any: later on, one that was going on has to be
    told again, and one that says little is the likelier to be completed. #}
{%- set found = ['same_words'] %}
{%- for step, alike in [('same_kind', true), ('any_kind', false)] %}

{{ step }}_others as (
    select
        others.*,
        row_number() over (
            partition by {{ of_telling }}{{ ', others.is_unlikely' if alike }}
            order by others.number_told
        ) as place_in_line
    from others
    {%- for earlier in found %}
    anti join {{ earlier }}
        on {{ same_in('others', earlier, telling + ['number_told']) }}
    {%- endfor %}
),

{{ step }}_events as (
    select
        others.record_id,
        others.record_key,
        others.collection_order,
        others.place,
        events.is_unlikely,
        events.ordinal,
        row_number() over (
            partition by {{ of_telling }}{{ ', events.is_unlikely' if alike }}
            order by
                events.is_going_on
                and (events.collection_order, events.place) < (others.collection_order, others.place) desc,
                {{ blanks_of('events.record_text') }} desc,
                events.ordinal
        ) as place_in_line
    from places_of_others as others
    inner join events on {{ same_in('others', 'events', event) }}
    {%- for earlier in found %}
    anti join {{ earlier }}
        on {{ same_in('others', earlier, telling) }} and events.ordinal = {{ earlier }}.ordinal
    {%- endfor %}
),

{{ step }} as (
    select
        {{ step }}_others.* exclude (place_in_line),
        {{ step }}_events.ordinal
    from {{ step }}_others
    inner join {{ step }}_events
        on
            {{ same_in(
                step ~ '_others', step ~ '_events', telling + ['place_in_line'] + (['is_unlikely'] if alike else [])
            ) }}
),
{%- do found.append(step) %}
{%- endfor %}

ordinals as (
    select
        record_id,
        record_key,
        collection_order,
        place,
        number_told,
        ordinal
    from events
    {%- for step in found %}
    union all
    select
        record_id,
        record_key,
        collection_order,
        place,
        number_told,
        ordinal
    from {{ step }}
    {%- endfor %}
),

judged as (
    select
        numbered.*,
        coalesce(ordinals.ordinal, 1) as ordinal
    from numbered
    left join ordinals
        on
            numbered.record_id = ordinals.record_id
            and numbered.record_key = ordinals.record_key
            and numbered.collection_order = ordinals.collection_order
            and numbered.place = ordinals.place
            and numbered.number_told = ordinals.number_told
),

-- Of one event the record that says most speaks, then what it says, never the order of the file. What is set aside does
-- not speak where an earlier delivery does.
with_speaker as (
    select
        record_id,
        record_key,
        collection_year,
        landed_row_id,
        ordinal,
        is_contested,
        is_broken and place > first_value(place) over speakers as is_stood_in_for,
        first_value(landed_row_id) over speakers as speaker_row_id,
        record_text = first_value(record_text) over speakers as says_the_same
    from judged
    window speakers as (
        partition by record_id, record_key, collection_order, ordinal
        order by is_contested, is_broken, place desc, {{ blanks_of('record_text') }}, record_text, landed_row_id
    )
)

select * from with_speaker
