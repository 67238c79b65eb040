-- table: ops.load
-- severity: blocking
-- says: Of the records of a file, no larger share could not be landed than the programme allows (rejected_share), where
--     it is three records or more.
-- then: Nothing is published. `insights loads` counts them, ops.rejected_line names their places and what is wrong with
--     them. Ask whoever sent the file for one in which they can be read; or, where they are no records (a line of notes
--     below a list), accept the load.
-- may be accepted: yes

select landed.load_id as key
from ops.load as landed
cross join reference.programme as programme
where
    landed.status = 'landed'
    and landed.rejected_lines >= 3
    and landed.rejected_lines > programme.rejected_share * (landed.rows_landed + landed.rejected_lines)
