with

problems as (
    {{ union_by_name([
        ref('int_returns_problem_value'), ref('int_returns_problem_census'), ref('int_returns_problem_care'),
        ref('int_returns_problem_local'), ref('int_returns_problem_between')
    ]) }}
)

select
    rule_code,
    record_id,
    landed_row_id,
    field_id
from problems
