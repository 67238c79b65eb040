with

transitions as (
    select * from {{ ref('paired_transition') }}
    where intake_answer <> 'all' and exit_answer <> 'all'
),

-- Asked: Don't know and Missing count as not yes, as everywhere in the report. Answered: they are left out.
transitions_by_base as (
    select
        transitions.*,
        base.base_kind
    from transitions
    inner join (values ('asked'), ('answered')) as base (base_kind)
        on
            (
                base.base_kind = 'asked'
                and transitions.intake_answer not in ('closed', 'not_asked')
                and transitions.exit_answer not in ('closed', 'not_asked')
            )
            or (
                base.base_kind = 'answered'
                and transitions.intake_answer in ('yes', 'no')
                and transitions.exit_answer in ('yes', 'no')
            )
),

pair_counts as (
    select
        outcome_id,
        outcome_order,
        outcome_label,
        outcome_group,
        indicator_id,
        period,
        geography_level,
        geography_code,
        base_kind,
        cast(sum(pairs) as bigint) as pairs,
        cast(coalesce(sum(pairs) filter (where intake_answer = 'yes'), 0) as bigint) as yes_at_intake,
        cast(coalesce(sum(pairs) filter (where exit_answer = 'yes'), 0) as bigint) as yes_at_exit,
        cast(
            coalesce(sum(pairs) filter (where intake_answer = 'yes' and exit_answer = 'yes'), 0) as bigint
        ) as yes_at_both
    from transitions_by_base
    group by
        outcome_id,
        outcome_order,
        outcome_label,
        outcome_group,
        indicator_id,
        period,
        geography_level,
        geography_code,
        base_kind
),

pair_tables as (
    select
        *,
        yes_at_intake - yes_at_both as yes_at_intake_only,
        yes_at_exit - yes_at_both as yes_at_exit_only,
        pairs - yes_at_intake - yes_at_exit + yes_at_both as yes_at_neither
    from pair_counts
),

shares as (
    select
        *,
        case when pairs > 0 then 100.0 * yes_at_intake / pairs end as intake_value,
        {{ wilson_lower('yes_at_intake', 'pairs') }} as intake_lower_95,
        {{ wilson_upper('yes_at_intake', 'pairs') }} as intake_upper_95,
        case when pairs > 0 then 100.0 * yes_at_exit / pairs end as exit_value,
        {{ wilson_lower('yes_at_exit', 'pairs') }} as exit_lower_95,
        {{ wilson_upper('yes_at_exit', 'pairs') }} as exit_upper_95,
        {{ paired_correlation('yes_at_both', 'yes_at_intake_only', 'yes_at_exit_only', 'yes_at_neither') }}
            as correlation
    from pair_tables
),

changes as (
    select
        *,
        100.0 * (yes_at_exit - yes_at_intake) / nullif(pairs, 0) as change,
        {{ paired_difference_lower('intake_value', 'intake_upper_95', 'exit_value', 'exit_lower_95', 'correlation') }}
            as change_lower_95,
        {{ paired_difference_upper('intake_value', 'intake_lower_95', 'exit_value', 'exit_upper_95', 'correlation') }}
            as change_upper_95,
        {{ mcnemar_test('yes_at_intake_only', 'yes_at_exit_only') }} as test,
        {{ mcnemar_p_value('yes_at_intake_only', 'yes_at_exit_only') }} as p_value
    from shares
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
    base_kind,
    pairs,
    yes_at_intake,
    yes_at_exit,
    yes_at_both,
    yes_at_intake_only,
    yes_at_exit_only,
    yes_at_neither,
    intake_value,
    intake_lower_95,
    intake_upper_95,
    exit_value,
    exit_lower_95,
    exit_upper_95,
    change,
    change_lower_95,
    change_upper_95,
    test,
    p_value,
    {{ change_mark('change_lower_95', 'change_upper_95') }} as change_mark
from changes
