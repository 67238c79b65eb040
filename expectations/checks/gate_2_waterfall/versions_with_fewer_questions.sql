-- table: marts.form_disposition
-- severity: note
-- says: No form takes the place of an earlier version whose file had columns for more of the form's questions.
-- then: The later version is used: what its file has no column for counts as not asked or missing, as of any form of
--     that load. If the earlier answers still hold, ask the service for an export of these forms with all columns.

select distinct cast(later.landed_row_id as varchar) as key
from intermediate.int_form_replaced as replaced
inner join marts.form_disposition as earlier on replaced.landed_row_id = earlier.landed_row_id
inner join marts.form_disposition as later on replaced.replaced_by_landed_row_id = later.landed_row_id
inner join ops.absent_question as absent on later.load_id = absent.load_id
left join ops.absent_question as absent_before
    on earlier.load_id = absent_before.load_id and absent.question_id = absent_before.question_id
where replaced.disposition = 'superseded' and absent_before.question_id is null
