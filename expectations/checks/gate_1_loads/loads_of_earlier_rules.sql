-- table: ops.load
-- severity: blocking
-- says: Every landed export of forms has been read by the rules of now, by which ids and names are compared.
-- then: Nothing is published. The file of these loads is gone, and this version of the engine compares ids or names by
--     other rules than the one by which they landed. Put the files back into the raw folder; or, where that cannot be,
--     accept each load: a client whose id is written in two ways, one of them in such a load, may count twice.
-- may be accepted: yes

select load_id || '@' || read_as as key
from ops.unread_load
where reason = 'rules'
