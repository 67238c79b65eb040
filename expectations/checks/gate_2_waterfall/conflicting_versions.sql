-- table: marts.form_disposition
-- column: disposition
-- severity: note
-- says: Of every submission that came with several contents something says which is the latest.
-- then: All its latest versions are set aside and counted as such in the waterfall. `insights decide` lists them with
--     their files and rows; ask the service which one holds and say it there.

select cast(landed_row_id as varchar) as key
from marts.form_disposition
where disposition = 'conflicting_versions'
