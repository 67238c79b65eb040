with

cell as (
    select * from {{ ref('int_report_cell') }}
    where statistic in ('percentage', 'per_100', 'count', 'mean', 'median')
),

cell_answer as (
    select * from {{ ref('int_cell_answer') }}
),

cell_base as (
    select * from {{ ref('int_cell_base') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

question as (
    select * from {{ ref('question') }}
),

-- The n of an average: those in the base, less those who gave no number.
average_term as (
    select
        cell.cell_id,
        cell_base.cohort_id,
        cell_base.dataset,
        cell_base.answer_id,
        cell_base.weight
    from cell
    inner join cell_base on cell.cell_id = cell_base.cell_id
    where cell.statistic in ('mean', 'median')
    union all
    select
        cell.cell_id,
        cell.cohort_id,
        cell.dataset,
        answer.answer_id,
        -1 as weight
    from cell
    inner join answer on cell.question_id = answer.question_id and answer.option_kind = 'missing'
    where cell.statistic in ('mean', 'median')
),

numerator_term as (
    select
        cell.cell_id,
        cell.cohort_id,
        cell_answer.dataset,
        cell_answer.answer_id,
        cell_answer.weight
    from cell
    inner join cell_answer on cell.cell_id = cell_answer.cell_id
    union all
    select * from average_term
),

-- The options whose ticks an average counts: its printed value holds their sum to within its last decimal.
tick_term as (
    select
        cell.cell_id,
        cell.cohort_id,
        cell.dataset,
        answer.answer_id,
        1 as weight
    from cell
    inner join question on cell.question_id = question.question_id
    inner join answer
        on
            question.derived_from = answer.question_id
            and answer.option_kind not in ('missing', 'not_asked')
    where cell.statistic = 'mean' and question.derivation = 'tick_count'
),

denominator_term as (
    select
        cell.cell_id,
        cell_base.cohort_id,
        cell_base.dataset,
        cell_base.answer_id,
        cell_base.weight
    from cell
    inner join cell_base on cell.cell_id = cell_base.cell_id
),

{% for side in ['numerator', 'denominator', 'tick'] %}
{{ side }} as (
    select
        cell_id,
        {{ joined_text(
            "cohort_id || '/' || dataset || '/' || answer_id || '*' || weight", '+', 'cohort_id, dataset, answer_id'
        ) }} as terms
    from {{ side }}_term
    group by cell_id
),
{% endfor %}

cells_with_terms as (
    select
        cell.table_id as indicator_id,
        cell.point,
        cell.row_order,
        cell.column_order,
        cell.statistic,
        cell.decimals,
        coalesce(numerator.terms, '') as numerator_terms,
        coalesce(denominator.terms, '') as denominator_terms,
        coalesce(tick.terms, '') as tick_terms
    from cell
    left join numerator on cell.cell_id = numerator.cell_id
    left join denominator on cell.cell_id = denominator.cell_id
    left join tick on cell.cell_id = tick.cell_id
)

select * from cells_with_terms
