-- table: marts.form_disposition
-- severity: note
-- says: Of several forms of a client and kind, date and last edit say which is the latest.
-- then: The forms are used. Which of them speaks for the client, their answers decide in the order of the catalogue, so
--     that it is the same in every run. Ask the service which one holds, and to take out the other.

select cast(landed_row_id as varchar) as key
from intermediate.int_form_accepted
where is_tied
