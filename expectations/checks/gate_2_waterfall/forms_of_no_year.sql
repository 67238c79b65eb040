-- table: marts.form_disposition
-- severity: blocking
-- says: Of the forms that landed, no larger share is of no reporting year than the programme allows (no_year_share).
-- then: Nothing is published. The numbers above are the calendar years in which these forms are dated. Where they
--     should be reported, say so in the programme (first_year; year_starts, when a year begins); where the dates are
--     wrong, have the files corrected; where the forms are to stay out, accept each of these years (`insights check`
--     shows how).
-- may be accepted: yes

-- What was accepted is out of the share: a single date of another year is then not told of as if it were many.
with

outside as (
    select cast(extract(year from form.event_date) as varchar) as calendar_year
    from marts.form_disposition as disposition
    inner join intermediate.int_form_landed as form on disposition.landed_row_id = form.landed_row_id
    where disposition.disposition = 'outside_reporting_years'
),

not_accepted as (
    select calendar_year
    from outside
    where calendar_year not in (
        select accepted.key
        from ops.check_acceptance as accepted
        where accepted.check_id = 'forms_of_no_year'
    )
),

landed as (
    select count(*) as forms
    from marts.form_disposition
),

too_many as (
    select count(*) as forms
    from not_accepted
    having count(*) > (
        select programme.no_year_share * landed.forms
        from reference.programme as programme
        cross join landed
    )
)

select not_accepted.calendar_year as key
from not_accepted
cross join too_many
