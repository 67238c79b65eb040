-- table: ops.load
-- severity: blocking
-- says: A later delivery of a return leaves out no more of the records of its year than the programme allows
--     (withdrawn_share, withdrawn_records).
-- then: Nothing is published. `insights returns` counts what the delivery added, changed and withdrew. Where it is a
--     part of the return, say so (`insights decide`); where the file is cut or the wrong one, land the right one; where
--     so much was wrong before, accept the load.
-- may be accepted: yes

with

-- The delivery that the one in force took the place of; what an earlier one had was judged when it was replaced.
replaced as (
    select
        load_seq,
        record_id
    from ops.delivery_standing
    where standing = 'replaced'
    qualify place = max(place) over (partition by la_code, collection_year, record_id)
),

counted as (
    select
        record.la_code,
        record.collection_year,
        record_type.return_id,
        max(record.withdrawn_by_load_id) as load_id,
        count(*) as records,
        count(record.withdrawn_by_load_id) as withdrawn
    from intermediate.int_returns_record as record
    inner join replaced on record.load_seq = replaced.load_seq and record.record_id = replaced.record_id
    inner join reference.record_type as record_type on record.record_id = record_type.record_id
    where record.has_key and record.has_date
    group by record.la_code, record.collection_year, record_type.return_id
)

select counted.load_id as key
from counted
cross join reference.programme as programme
where
    counted.withdrawn > programme.withdrawn_records
    and counted.withdrawn > programme.withdrawn_share * counted.records
