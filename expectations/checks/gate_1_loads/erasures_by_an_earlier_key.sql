-- table: ops.load
-- severity: blocking
-- says: Every erasure list has been read by the rules and the list of services of now.
-- then: Nothing is published. The list is gone from the raw folder, and rules or services have changed since: what was
--     erased by it stays erased, but a form of the same client that comes in a new file may not be known for one. Put
--     the list back; or write a new one of the same clients, let it land, and accept the old one.
-- may be accepted: yes

select load_id || '@' || read_as as key
from ops.unread_load
where reason = 'erasure'
