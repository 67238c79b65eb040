with

reporting_year as (
    select * from {{ ref('reporting_year') }}
),

paired_transition as (
    select * from {{ ref('paired_transition') }}
),

paired_outcome as (
    select
        *,
        case base_kind when 'asked' then 1 else 2 end as row_order,
        case base_kind
            when 'asked' then 'Asked at both points'
            else 'Answered Yes or No at both points'
        end as row_label
    from {{ ref('paired_outcome') }}
),

co_occurrence as (
    select * from {{ ref('co_occurrence') }}
),

-- Answer at intake in the rows, answer at exit in the columns.
answer_to_answer as (
    select
        'paired_transition' as source,
        outcome_id as indicator_id,
        period,
        geography_level,
        geography_code,
        '' as point,
        intake_answer_order as row_order,
        intake_answer_label as row_label,
        outcome_label as parent_label,
        exit_answer_order as column_order,
        exit_answer_label as column_label,
        'percentage' as statistic,
        pairs as numerator,
        base as denominator,
        share as value,
        0 as decimals,
        '%' as unit,
        share_lower_95 as lower_95,
        share_upper_95 as upper_95
    from paired_transition
),

-- A row per base and a figure per point; the one at exit carries the change from intake to exit of the same children.
at_intake as (
    select
        'paired_outcome' as source,
        outcome_id as indicator_id,
        period,
        geography_level,
        geography_code,
        'intake' as point,
        row_order,
        row_label,
        outcome_label as parent_label,
        1 as column_order,
        '' as column_label,
        'percentage' as statistic,
        yes_at_intake as numerator,
        pairs as denominator,
        intake_value as value,
        0 as decimals,
        '%' as unit,
        intake_lower_95 as lower_95,
        intake_upper_95 as upper_95
    from paired_outcome
),

at_exit as (
    select
        'paired_outcome' as source,
        outcome_id as indicator_id,
        period,
        geography_level,
        geography_code,
        'exit' as point,
        row_order,
        row_label,
        outcome_label as parent_label,
        1 as column_order,
        '' as column_label,
        'percentage' as statistic,
        yes_at_exit as numerator,
        pairs as denominator,
        exit_value as value,
        0 as decimals,
        '%' as unit,
        exit_lower_95 as lower_95,
        exit_upper_95 as upper_95,
        change,
        change_lower_95,
        change_upper_95,
        p_value as change_p_value,
        nullif(change_mark, 'not compared') as change_mark
    from paired_outcome
),

-- A row per combination: its share of the base, and how it stands to what chance would bring together.
share_of_combination as (
    select
        'co_occurrence' as source,
        set_id as indicator_id,
        period,
        geography_level,
        geography_code,
        '' as point,
        combination as row_order,
        combination_label as row_label,
        set_label as parent_label,
        1 as column_order,
        'Share' as column_label,
        'percentage' as statistic,
        observed as numerator,
        base as denominator,
        share as value,
        1 as decimals,
        '%' as unit,
        share_lower_95 as lower_95,
        share_upper_95 as upper_95,
        population_id
    from co_occurrence
),

combination_against_chance as (
    select
        'co_occurrence' as source,
        set_id as indicator_id,
        period,
        geography_level,
        geography_code,
        '' as point,
        combination as row_order,
        combination_label as row_label,
        set_label as parent_label,
        2 as column_order,
        'Observed over expected' as column_label,
        'standardised_ratio' as statistic,
        observed as numerator,
        base as denominator,
        observed_over_expected as value,
        2 as decimals,
        'standardised ratio' as unit,
        ratio_lower_95 as lower_95,
        ratio_upper_95 as upper_95,
        population_id
    from co_occurrence
),

figures as (
    {{ union_by_name([
        'answer_to_answer', 'at_intake', 'at_exit', 'share_of_combination', 'combination_against_chance'
    ]) }}
),

rounded_figures as (
    select
        *,
        case
            when statistic = 'percentage'
                then {{ round_half_up_ratio('(100 * numerator)', 'denominator', 'decimals') }}
            else {{ round_half_up('value', 'decimals') }}
        end as value_rounded
    from figures
)

select
    source,
    'insights' as theme,
    indicator_id,
    period,
    reporting_year.short_label as period_label,
    geography_level,
    geography_code,
    'total' as breakdown,
    'total' as breakdown_value,
    point,
    row_order,
    row_label,
    parent_label,
    column_order,
    column_label,
    statistic,
    numerator,
    denominator,
    value,
    value_rounded,
    unit,
    lower_95,
    upper_95,
    case
        when value is null and denominator = 0 then 'z'
        when value is null then 'x'
        when numerator > 0 and value_rounded = 0 then 'low'
        else 'ok'
    end as status,
    population_id,
    false as is_published,
    reporting_year.is_provisional,
    change,
    change_lower_95,
    change_upper_95,
    change_p_value,
    change_mark
from rounded_figures
inner join reporting_year on rounded_figures.period = reporting_year.reporting_year
