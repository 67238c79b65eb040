-- table: marts.form_disposition
-- column: disposition
-- severity: note
-- says: The forms of a client name one month of birth, or it is decided whether they are of one child.
-- then: All forms of such a client are set aside, exits and reviews too: one id may be that of several children.
--     marts.client_conflict lists the clients, `insights decide` files and rows. Ask the service; have the month or
--     the ids put right in the next file, or say there which it is.

select cast(landed_row_id as varchar) as key
from marts.form_disposition
where disposition = 'client_conflict'
