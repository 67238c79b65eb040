-- table: marts.form_disposition
-- severity: blocking
-- says: Of the forms that landed, no larger share is of clients with several months of birth than the programme allows
--     (client_conflict_share), once there are ten.
-- then: Nothing is published. The services above number families or give numbers out again, or two lists of clients
--     were mixed up. Have the files corrected, record of each client whether it is one child (`insights decide`), or
--     accept the service: its forms of such clients stay set aside.
-- may be accepted: yes

-- What was accepted is out of the share, as it is of forms_of_no_year.
with

not_accepted as (
    select disposition.service_code
    from marts.form_disposition as disposition
    where
        disposition.disposition = 'client_conflict'
        and disposition.service_code not in (
            select accepted.key
            from ops.check_acceptance as accepted
            where accepted.check_id = 'client_conflicts'
        )
),

landed as (
    select count(*) as forms
    from marts.form_disposition
),

too_many as (
    select count(*) as forms
    from not_accepted
    having
        count(*) >= 10
        and count(*) > (
            select programme.client_conflict_share * landed.forms
            from reference.programme as programme
            cross join landed
        )
)

select not_accepted.service_code as key
from not_accepted
cross join too_many
