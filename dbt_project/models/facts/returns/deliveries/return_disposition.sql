with

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

erased_records as (
    select * from {{ source('ops', 'erased_record') }}
)

select
    record_id,
    landed_row_id,
    load_id,
    load_seq,
    source_row,
    source_path,
    la_code,
    collection_year,
    disposition,
    disposition_detail,
    survivor_row_id is not null as is_counted
from dispositions
union all
select
    record_id,
    landed_row_id,
    load_id,
    load_seq,
    source_row,
    source_path,
    la_code,
    collection_year,
    'erased' as disposition,
    null as disposition_detail,
    false as is_counted
from erased_records
