-- table: reference.question
-- severity: blocking
-- says: No table to be published has a column of an identifier, a birth date, a postcode or free text.
-- then: Nothing is published; the last release stays in place.

-- A service's name is no child's, and a form's version says nothing of one.
with

private as (
    select
        question_id,
        question_code
    from reference.question
    where
        (storage in ('never', 'pseudonym', 'month', 'sector') or answer_type = 'text')
        and question_code not in ('service', 'form_version')
)

select table_name || '.' || column_name as key
from information_schema.columns
where
    table_schema = 'marts'
    and lower(column_name) in (
        select lower(question_id) from private
        union all
        select lower(question_code) from private
    )
