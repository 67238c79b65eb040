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
    select distinct problems.landed_row_id
    from {{ ref('int_returns_problem_version') }} as problems
    inner join {{ ref('validation_rule') }} as rules on problems.rule_code = rules.rule_code
    where rules.severity = 'set_aside_record'
),

counted as (
    select
        record_id,
        landed_row_id,
        load_seq,
        collection_year,
        place,
        record_key,
        landed_row_id in (select broken.landed_row_id from broken) as is_broken
    from landed
    where has_key and has_date and fate_row_id is null and is_in_force
),

crowded_keys as (
    select
        record_id,
        record_key,
        collection_year,
        coalesce(max(place) filter (where not is_broken), max(place)) as place
    from counted
    group by record_id, record_key, collection_year
    having count(*) > 1
),

crowd as (
    select
        counted.*,
        crowded_keys.place as latest_place
    from counted
    inner join crowded_keys
        on
            counted.record_id = crowded_keys.record_id
            and counted.record_key = crowded_keys.record_key
            and counted.collection_year is not distinct from crowded_keys.collection_year
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
        collection_year,
        load_seq,
        {{ group_text('record_text', distinct=true) }} as load_text
    from told
    where place = latest_place
    group by record_id, record_key, collection_year, load_seq
),

-- Files of which nothing says which is later tell it differently.
contested as (
    select
        record_id,
        record_key,
        collection_year
    from told_by_load
    group by record_id, record_key, collection_year
    having count(distinct load_text) > 1
),

judged as (
    select
        told.*,
        contested.record_key is not null and told.place = told.latest_place as is_contested,
        case
            when told.can_be_several and told.place = told.latest_place
                then
                    dense_rank() over (
                        partition by told.record_id, told.record_key, told.collection_year, told.place
                        order by told.is_unlikely, told.record_text
                    )
            else 1
        end::integer as ordinal
    from told
    left join contested
        on
            told.record_id = contested.record_id
            and told.record_key = contested.record_key
            and told.collection_year is not distinct from contested.collection_year
),

-- Of one event the record that says most speaks, then what it says, never the order of the file.
with_speaker as (
    select
        record_id,
        record_key,
        collection_year,
        landed_row_id,
        ordinal,
        is_contested,
        place > latest_place as is_stood_in_for,
        first_value(landed_row_id) over speakers as speaker_row_id,
        record_text = first_value(record_text) over speakers as says_the_same
    from judged
    window speakers as (
        partition by record_id, record_key, collection_year, ordinal
        order by place = latest_place desc, place desc, {{ blanks_of('record_text') }}, record_text, landed_row_id
    )
)

select * from with_speaker
