-- table: marts.client_conflict
-- severity: note
-- says: The forms of a client name one month of birth, or it is decided whether they are of one child.
-- then: No form of these clients counts, exits and reviews neither: one id may have been given to several children.
--     marts.form_disposition says which forms they are, with file and row. Ask the service; then have the month put
--     right or the ids parted, or record which it is (`insights decide`).

select cast(conflict.landed_row_id as varchar) as key
from intermediate.int_client_conflict as conflict
inner join marts.form_disposition as disposition on conflict.landed_row_id = disposition.landed_row_id
where disposition.disposition = 'client_conflict'
