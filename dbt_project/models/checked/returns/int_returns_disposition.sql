with recursive

records as (
    select * from {{ ref('int_returns_record') }}
),

set_aside as (
    select * from {{ source('ops', 'set_aside') }}
),

record_types as (
    select * from {{ ref('record_type') }}
),

-- Values that a rule sets aside count as not given; the record is judged by the rules for whole records.
rules_by_record as (
    select
        set_aside.landed_row_id,
        {{ collect_text('set_aside.check_id', 'set_aside.field_id is null') }} as rule_codes,
        {{ collect_list('set_aside.field_id', 'set_aside.field_id is not null') }} as fields_set_aside
    from set_aside
    inner join record_types
        on set_aside.form_id = record_types.record_id
    group by set_aside.landed_row_id
),

-- What a record leans on: a replaced one on its replacement, any other on the one it lies in. (Not by way of `records`,
-- which the engine would write down whole for several readers.)
leaning_records as (
    select
        landed_row_id,
        coalesce(replaced_by_landed_row_id, parent_row_id) as leans_on_row_id
    from {{ ref('int_returns_record') }}
    where coalesce(replaced_by_landed_row_id, parent_row_id) is not null
),

-- Records that do not count for what they are, and whatever leans on one of them.
lost_records as (
    select judged.landed_row_id
    from {{ ref('int_returns_record') }} as judged
    left join rules_by_record
        on judged.landed_row_id = rules_by_record.landed_row_id
    where
        judged.replaced_how is null
        and (not judged.has_key or not judged.has_date or rules_by_record.rule_codes is not null)
    union
    select leaning_records.landed_row_id
    from leaning_records
    inner join lost_records
        on leaning_records.leans_on_row_id = lost_records.landed_row_id
),

-- The order of the branches is the order of precedence: a record has the first disposition that fits.
decided_records as (
    select
        records.*,
        rules_by_record.rule_codes,
        rules_by_record.fields_set_aside,
        case
            when not records.has_key then 'missing_key'
            when not records.has_date then 'impossible_date'
            when records.replaced_how is not null then records.replaced_how
            when records.landed_row_id in (select lost_records.landed_row_id from lost_records) then 'set_aside'
            else 'accepted'
        end as disposition
    from records
    left join rules_by_record
        on records.landed_row_id = rules_by_record.landed_row_id
),

explained_records as (
    select
        decided_records.record_id,
        decided_records.landed_row_id,
        decided_records.load_id,
        decided_records.load_seq,
        decided_records.source_row,
        decided_records.source_path,
        decided_records.la_code,
        decided_records.collection_year,
        decided_records.parent_row_id,
        decided_records.child_key,
        decided_records.event_date,
        decided_records.is_in_force,
        decided_records.absent_from,
        decided_records.disposition,
        case decided_records.disposition
            when 'missing_key' then 'a key is missing or cannot be used'
            when 'impossible_date' then 'no day that can be read and is possible'
            when 'superseded' then 'replaced by row ' || replacement.source_row || ' of load ' || replacement.load_id
            when 'duplicate' then 'same as row ' || replacement.source_row || ' of load ' || replacement.load_id
            when 'withdrawn'
                then coalesce(
                    'not in load ' || decided_records.withdrawn_by_load_id, 'its file was delivered by mistake'
                )
            when 'conflicting_versions' then 'nothing says which of several deliveries is later'
            when 'set_aside'
                then
                    coalesce(decided_records.rule_codes, 'lies in a record that does not count')
                    || coalesce(
                        '; row ' || replacement.source_row || ' of load ' || replacement.load_id || ' stands in', ''
                    )
        end as disposition_detail,
        decided_records.fields_set_aside,
        case
            when decided_records.disposition = 'accepted' then decided_records.landed_row_id
            when replacement.disposition = 'accepted' then replacement.landed_row_id
        end as survivor_row_id
    from decided_records
    left join decided_records as replacement
        on decided_records.replaced_by_landed_row_id = replacement.landed_row_id
)

select * from explained_records
