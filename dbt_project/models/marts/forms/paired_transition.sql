with

outcome as (
    select * from {{ ref('int_paired_question') }}
),

pair_counts as (
    select * from {{ ref('int_paired_count') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

place as (
    select
        geography_level,
        geography_code
    from {{ ref('int_indicator_slice') }}
    where breakdown = 'total'
),

-- The answers of either point, Missing among them; closed where another answer opens the question; not asked where
-- anybody was not; and all together.
possible_answers as (
    select
        question_id,
        option_no,
        option_code as answer_code,
        answer_label
    from answer
    where
        option_no <> 98
        or question_id in (
            select outcome.intake_question_id from outcome
            inner join pair_counts on outcome.outcome_id = pair_counts.outcome_id
            where pair_counts.intake_option_no = 98
            union all
            select outcome.exit_question_id from outcome
            inner join pair_counts on outcome.outcome_id = pair_counts.outcome_id
            where pair_counts.exit_option_no = 98
        )
    union all
    select
        intake_question_id as question_id,
        100 as option_no,
        'closed' as answer_code,
        'Not opened' as answer_label
    from outcome
    where is_gated_at_intake
    union all
    select
        exit_question_id as question_id,
        100 as option_no,
        'closed' as answer_code,
        'Not opened' as answer_label
    from outcome
    where is_gated_at_exit
    union all
    select
        intake_question_id as question_id,
        101 as option_no,
        'all' as answer_code,
        'All pairs' as answer_label
    from outcome
    union all
    select
        exit_question_id as question_id,
        101 as option_no,
        'all' as answer_code,
        'All pairs' as answer_label
    from outcome
),

cell as (
    select
        outcome.outcome_id,
        outcome.outcome_order,
        outcome.outcome_label,
        outcome.outcome_group,
        outcome.indicator_id,
        reporting_year.reporting_year as period,
        place.geography_level,
        place.geography_code,
        earlier.option_no as intake_answer_order,
        earlier.answer_code as intake_answer,
        earlier.answer_label as intake_answer_label,
        later.option_no as exit_answer_order,
        later.answer_code as exit_answer,
        later.answer_label as exit_answer_label
    from outcome
    inner join possible_answers as earlier on outcome.intake_question_id = earlier.question_id
    inner join possible_answers as later on outcome.exit_question_id = later.question_id
    cross join reporting_year
    cross join place
),

-- One answer or all, at either point, in one service or all: every count goes into eight cells.
counts_by_cell as (
    select
        pair_counts.outcome_id,
        pair_counts.reporting_year,
        case when over_services.is_total then 'all_services' else pair_counts.service_code end as geography_code,
        case when over_intake.is_total then 101 else pair_counts.intake_option_no end as intake_answer_order,
        case when over_exit.is_total then 101 else pair_counts.exit_option_no end as exit_answer_order,
        pair_counts.pairs
    from pair_counts
    cross join (values (true), (false)) as over_services (is_total)
    cross join (values (true), (false)) as over_intake (is_total)
    cross join (values (true), (false)) as over_exit (is_total)
),

cell_counts as (
    select
        outcome_id,
        reporting_year,
        geography_code,
        intake_answer_order,
        exit_answer_order,
        sum(pairs) as pairs
    from counts_by_cell
    group by outcome_id, reporting_year, geography_code, intake_answer_order, exit_answer_order
),

filled_cells as (
    select
        cell.*,
        cast(coalesce(cell_counts.pairs, 0) as bigint) as pairs
    from cell
    left join cell_counts
        on
            cell.outcome_id = cell_counts.outcome_id
            and cell.period = cell_counts.reporting_year
            and cell.geography_code = cell_counts.geography_code
            and cell.intake_answer_order = cell_counts.intake_answer_order
            and cell.exit_answer_order = cell_counts.exit_answer_order
),

-- A cell is a share of those who gave the answer at intake; the total of a row is a share of all pairs.
cells_with_base as (
    select
        cell.*,
        base.pairs as base
    from filled_cells as cell
    inner join filled_cells as base
        on
            cell.outcome_id = base.outcome_id
            and cell.period = base.period
            and cell.geography_code = base.geography_code
            and base.exit_answer = 'all'
            and base.intake_answer = case when cell.exit_answer = 'all' then 'all' else cell.intake_answer end
)

select
    outcome_id,
    outcome_order,
    outcome_label,
    outcome_group,
    indicator_id,
    period,
    geography_level,
    geography_code,
    intake_answer_order,
    intake_answer,
    intake_answer_label,
    exit_answer_order,
    exit_answer,
    exit_answer_label,
    pairs,
    base,
    case when base > 0 then 100.0 * pairs / base end as share,
    {{ wilson_lower('pairs', 'base') }} as share_lower_95,
    {{ wilson_upper('pairs', 'base') }} as share_upper_95
from cells_with_base
