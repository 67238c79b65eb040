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

-- The n of an average: those whose number lies in one of its bands, and which numbers that are.
average_term as (
    select
        cell.cell_id,
        cell.cohort_id,
        cell.dataset,
        answer.answer_id,
        1 as weight,
        option_in_set.lower_bound,
        option_in_set.upper_bound
    from cell
    inner join question on cell.question_id = question.question_id
    inner join answer on cell.question_id = answer.question_id and answer.option_kind = 'answer'
    inner join {{ ref('option') }} as option_in_set
        on question.option_set = option_in_set.option_set and answer.option_code = option_in_set.option_code
    where cell.statistic in ('mean', 'median') and option_in_set.lower_bound is not null
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
    select
        cell_id,
        cohort_id,
        dataset,
        answer_id,
        weight
    from average_term
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

band as (
    select
        cell_id,
        {{ joined_text(
            "cohort_id || '/' || dataset || '/' || answer_id || '*' || lower_bound || ':' || upper_bound", '+',
            'cohort_id, dataset, answer_id'
        ) }} as terms
    from average_term
    group by cell_id
),

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
        coalesce(tick.terms, '') as tick_terms,
        coalesce(band.terms, '') as band_terms,
        -- What 84 of the question's unit are in the unit of the figure: 84 months are 7 years, 84 days 12 weeks.
        cast({{ in_unit('84.0', 'cell.question_unit', 'cell.unit') }} as integer) as eighty_four_in_unit
    from cell
    left join numerator on cell.cell_id = numerator.cell_id
    left join denominator on cell.cell_id = denominator.cell_id
    left join tick on cell.cell_id = tick.cell_id
    left join band on cell.cell_id = band.cell_id
)

select * from cells_with_terms
