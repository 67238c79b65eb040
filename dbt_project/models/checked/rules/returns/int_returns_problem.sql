with

-- Asked of every record of an event; of one that another replaces nothing is said but why it does not speak.
versions as (
    select problems.*
    from {{ ref('int_returns_problem_version') }} as problems
    inner join {{ ref('int_returns_record') }} as records on problems.landed_row_id = records.landed_row_id
    where records.is_latest or records.replaced_how = 'set_aside'
),

problems as (
    {{ union_by_name([
        ref('int_returns_problem_value'), ref('int_returns_problem_census'), ref('int_returns_problem_care'),
        ref('int_returns_problem_local'), ref('int_returns_problem_between'),
        ref('int_returns_problem_counted'), 'versions'
    ]) }}
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from problems
