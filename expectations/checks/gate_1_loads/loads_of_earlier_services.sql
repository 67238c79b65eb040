-- table: ops.load
-- severity: blocking
-- says: Every landed export of forms has been read by the list of services of now.
-- then: Nothing is published. The file of these loads is gone, and services in it were declared, renamed, merged or
--     taken off the list since. Put the files back into the raw folder, or the list as it was; or, where that cannot
--     be, accept each load. Then its forms of a name that means another service now stay with the code that it meant
--     when they landed, whoever that code is now. Its forms of a service that became another count with that one, but
--     stay apart from those of every other file: a client who is in both counts twice, and an intake form in one and
--     an exit form in the other are not matched. Its forms of a service that is not on the list, or was not when it
--     landed, are set aside.
-- may be accepted: yes

select load_id || '@' || read_as as key
from ops.unread_load
where reason = 'services'
