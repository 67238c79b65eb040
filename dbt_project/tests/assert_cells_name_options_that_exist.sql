-- A misspelt option would count nobody and look like a true 0. Every option a cell names must be one of its question,
-- a group must have options, and a share must count something.
with

cell as (
    select * from {{ ref('int_report_cell') }}
    where statistic in ('percentage', 'per_100', 'count')
),

answer as (
    select * from {{ ref('dim_answer') }}
),

found as (
    select
        cell.cell_id,
        count(
            distinct case
                when {{ in_code_list('cell.option_codes', 'answer.option_code') }} then answer.option_code
            end
        ) as options_found,
        count(
            distinct case when cell.option_group = answer.option_group then answer.option_code end
        ) as group_options_found
    from cell
    left join answer on cell.question_id = answer.question_id
    group by cell.cell_id
),

named as (
    select
        cell.cell_id,
        cell.option_group,
        case
            when cell.option_codes is null then 0
            else 1 + length(cell.option_codes) - length(replace(cell.option_codes, ';', ''))
        end
        - case when {{ in_code_list('cell.option_codes', "'*'") }} then 1 else 0 end
        - case when {{ in_code_list('cell.option_codes', "'closed'") }} then 1 else 0 end as options_named,
        cell.option_codes is null and cell.option_group is null as counts_nothing
    from cell
)

select named.cell_id
from named
inner join found on named.cell_id = found.cell_id
where
    named.counts_nothing
    or named.options_named <> found.options_found
    or (named.option_group is not null and found.group_options_found = 0)
