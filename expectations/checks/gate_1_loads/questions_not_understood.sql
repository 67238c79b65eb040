-- table: ops.load
-- severity: blocking
-- says: No export lacks more of its form's questions than the programme allows (unknown_question_share) while columns
--     of it were not understood.
-- then: Nothing is published. `insights status` names the columns. Have the header row put right, or word it in the
--     programme's catalogue (wording.csv); where nobody needs the columns, put them into mappings/ignored.csv: what is
--     absent is then not asked. Where the service asks little, accept the load.
-- may be accepted: yes
with

asked as (
    select
        form_id,
        count(*) as questions
    from reference.question
    where derivation is null and storage <> 'never'
    group by form_id
),

absent as (
    select
        load_id,
        form_id,
        count(*) as questions
    from ops.absent_question
    where unknown_columns > 0
    group by load_id, form_id
)

select absent.load_id as key
from absent
inner join asked on absent.form_id = asked.form_id
cross join reference.programme as programme
where absent.questions > programme.unknown_question_share * asked.questions
