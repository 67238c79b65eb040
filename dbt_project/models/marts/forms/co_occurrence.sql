{#- A set of this many members or fewer is given with every combination there can be, and for each service. -#}
{%- set members_of_a_small_set = 5 -%}
with

co_occurrence_set as (
    select * from {{ ref('co_occurrence_set') }}
),

co_occurrence_member as (
    select * from {{ ref('co_occurrence_member') }}
),

question as (
    select * from {{ ref('question') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

combination_counts as (
    select * from {{ ref('int_co_occurrence_count') }}
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

-- A label left blank is the option's own where one question holds all members, and otherwise the question's.
members as (
    select
        co_occurrence_member.set_id,
        cast(power(2, co_occurrence_member.member_order - 1) as integer) as member_bit,
        coalesce(
            co_occurrence_member.member_label,
            case when question.answer_type = 'tick_all' then answer.answer_label end,
            question.question_label
        ) as member_label
    from co_occurrence_member
    inner join question on co_occurrence_member.question_id = question.question_id
    left join answer
        on
            co_occurrence_member.question_id = answer.question_id
            and co_occurrence_member.option_codes = answer.option_code
),

sized_sets as (
    select
        co_occurrence_set.set_id,
        co_occurrence_set.set_order,
        co_occurrence_set.set_label,
        co_occurrence_set.population_id,
        co_occurrence_set.combination_label,
        cast(sum(members.member_bit) as integer) as all_members,
        count(*) as set_size
    from co_occurrence_set
    inner join members on co_occurrence_set.set_id = members.set_id
    group by
        co_occurrence_set.set_id,
        co_occurrence_set.set_order,
        co_occurrence_set.set_label,
        co_occurrence_set.population_id,
        co_occurrence_set.combination_label
),

-- Of a large set only what occurs in any year, beside none of all.
combinations as (
    select
        set_id,
        cast({{ whole_numbers_below('all_members + 1') }} as integer) as combination
    from sized_sets
    where set_size <= {{ members_of_a_small_set }}
    union all
    select distinct
        combination_counts.set_id,
        combination_counts.combination
    from combination_counts
    inner join sized_sets on combination_counts.set_id = sized_sets.set_id
    where
        sized_sets.set_size > {{ members_of_a_small_set }}
        and combination_counts.geography_code = 'all_services'
        and (combination_counts.forms > 0 or combination_counts.combination = 0)
),

combination_labels as (
    select
        combinations.set_id,
        combinations.combination,
        cast(count(members.member_bit) as integer) as members_present,
        coalesce({{ joined_text('members.member_label', ' + ', 'members.member_bit') }}, 'None of these')
            as members_label
    from combinations
    left join members
        on
            combinations.set_id = members.set_id
            and {{ has_bit('combinations.combination', 'members.member_bit') }}
    group by combinations.set_id, combinations.combination
),

bases as (
    select
        set_id,
        reporting_year,
        geography_code,
        cast(sum(forms) as bigint) as base
    from combination_counts
    group by set_id, reporting_year, geography_code
),

member_counts as (
    select
        combination_counts.set_id,
        combination_counts.reporting_year,
        combination_counts.geography_code,
        members.member_bit,
        cast(
            coalesce(
                sum(combination_counts.forms) filter (
                    where {{ has_bit('combination_counts.combination', 'members.member_bit') }}
                ),
                0
            )
            as bigint
        ) as forms
    from combination_counts
    inner join members on combination_counts.set_id = members.set_id
    group by
        combination_counts.set_id,
        combination_counts.reporting_year,
        combination_counts.geography_code,
        members.member_bit
),

-- What chance would bring together, were the members independent: the share with each that is in the combination,
-- times the share without each that is not.
expected_shares as (
    select
        combinations.set_id,
        combinations.combination,
        member_counts.reporting_year,
        member_counts.geography_code,
        product(
            cast(
                case
                    when {{ has_bit('combinations.combination', 'member_counts.member_bit') }} then member_counts.forms
                    else bases.base - member_counts.forms
                end as double
            ) / nullif(bases.base, 0)
        ) as expected_share
    from combinations
    inner join member_counts on combinations.set_id = member_counts.set_id
    inner join bases
        on
            member_counts.set_id = bases.set_id
            and member_counts.reporting_year = bases.reporting_year
            and member_counts.geography_code = bases.geography_code
    group by
        combinations.set_id, combinations.combination, member_counts.reporting_year, member_counts.geography_code
),

observed_combinations as (
    select
        sized_sets.set_id,
        sized_sets.set_order,
        sized_sets.set_label,
        sized_sets.population_id,
        reporting_year.reporting_year as period,
        place.geography_level,
        place.geography_code,
        combination_labels.combination,
        case
            when combination_labels.combination = sized_sets.all_members and sized_sets.combination_label is not null
                then sized_sets.combination_label
            else combination_labels.members_label
        end as combination_label,
        combination_labels.members_present,
        combination_labels.combination = sized_sets.all_members
        and sized_sets.combination_label is not null as is_named,
        coalesce(combination_counts.forms, 0) as observed,
        coalesce(bases.base, 0) as base,
        {{ nine_decimals('bases.base * expected_shares.expected_share') }} as expected
    from sized_sets
    inner join combination_labels on sized_sets.set_id = combination_labels.set_id
    cross join reporting_year
    inner join place
        on sized_sets.set_size <= {{ members_of_a_small_set }} or place.geography_level = 'all_services'
    left join bases
        on
            sized_sets.set_id = bases.set_id
            and reporting_year.reporting_year = bases.reporting_year
            and place.geography_code = bases.geography_code
    left join expected_shares
        on
            combination_labels.set_id = expected_shares.set_id
            and combination_labels.combination = expected_shares.combination
            and reporting_year.reporting_year = expected_shares.reporting_year
            and place.geography_code = expected_shares.geography_code
    left join combination_counts
        on
            combination_labels.set_id = combination_counts.set_id
            and combination_labels.combination = combination_counts.combination
            and reporting_year.reporting_year = combination_counts.reporting_year
            and place.geography_code = combination_counts.geography_code
)

select
    *,
    case when base > 0 then 100.0 * observed / base end as share,
    {{ wilson_lower('observed', 'base') }} as share_lower_95,
    {{ wilson_upper('observed', 'base') }} as share_upper_95,
    {{ standardised_ratio('observed', 'expected') }} as observed_over_expected,
    {{ standardised_ratio_lower('observed', 'expected') }} as ratio_lower_95,
    {{ standardised_ratio_upper('observed', 'expected') }} as ratio_upper_95
from observed_combinations
