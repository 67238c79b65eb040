-- A form can tick several options, so their counts cannot be added up to a number of forms: a percentage over a
-- tick-all question names one option, and nobody can tell from ticks alone who was not asked. Tick subtotals are
-- counts.
with

cell as (
    select * from {{ ref('int_report_cell') }}
),

question as (
    select * from {{ ref('question') }}
)

select cell.cell_id
from cell
inner join question on cell.question_id = question.question_id
where
    question.answer_type = 'tick_all'
    and (
        (
            cell.statistic in ('percentage', 'per_100')
            and (cell.option_group is not null or contains(cell.option_codes, ';'))
        )
        or {{ in_code_list('cell.option_codes', "'closed'") }}
    )
