with

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
per_record as (
    select
        set_aside.landed_row_id,
        {{ collect_text('set_aside.check_id', 'set_aside.field_id is null') }} as rule_codes,
        {{ collect_list('set_aside.field_id', 'set_aside.field_id is not null') }} as fields_set_aside
    from set_aside
    inner join record_types
        on set_aside.form_id = record_types.record_id
    group by set_aside.landed_row_id
),

-- The order of the branches is the order of precedence: a record has the first disposition that fits.
decided as (
    select
        records.*,
        per_record.rule_codes,
        per_record.fields_set_aside,
        case
            when not records.has_key then 'missing_key'
            when not records.has_date then 'impossible_date'
            when records.replaced_how is not null then records.replaced_how
            when per_record.rule_codes is not null then 'set_aside'
            else 'accepted'
        end as disposition
    from records
    left join per_record
        on records.landed_row_id = per_record.landed_row_id
),

explained as (
    select
        decided.record_id,
        decided.landed_row_id,
        decided.load_id,
        decided.load_seq,
        decided.source_row,
        decided.source_path,
        decided.la_code,
        decided.collection_year,
        decided.parent_row_id,
        decided.child_key,
        decided.event_date,
        decided.disposition,
        case decided.disposition
            when 'missing_key' then 'a key is missing or cannot be used'
            when 'impossible_date' then 'no day that can be read and is possible'
            when 'superseded' then 'replaced by landed row ' || decided.replaced_by_landed_row_id
            when 'duplicate' then 'same as landed row ' || decided.replaced_by_landed_row_id
            when 'set_aside' then decided.rule_codes
        end as disposition_detail,
        decided.fields_set_aside,
        case
            when decided.disposition = 'accepted' then decided.landed_row_id
            when replacement.disposition = 'accepted' then replacement.landed_row_id
        end as survivor_row_id
    from decided
    left join decided as replacement
        on decided.replaced_by_landed_row_id = replacement.landed_row_id
)

select * from explained
