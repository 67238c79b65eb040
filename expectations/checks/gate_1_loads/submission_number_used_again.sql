-- table: ops.load
-- severity: note
-- says: A number of a submission stands for one submission of its service and form.
-- then: Forms under one number that have fewer than two of client, month of birth and day in common count as submissions
--     of their own. Look at the files: a form tool that begins to count again each year is no fault; a corrected form
--     whose client and date were both changed counts twice, and the service has to take the old one out.

select cast(landed_row_id as varchar) as key
from intermediate.int_form_submission
