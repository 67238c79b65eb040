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

counted as (
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
member as (
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

sized_set as (
    select
        co_occurrence_set.set_id,
        co_occurrence_set.set_order,
        co_occurrence_set.set_label,
        co_occurrence_set.population_id,
        co_occurrence_set.combination_label,
        cast(sum(member.member_bit) as integer) as all_members,
        count(*) as set_size
    from co_occurrence_set
    inner join member on co_occurrence_set.set_id = member.set_id
    group by
        co_occurrence_set.set_id,
        co_occurrence_set.set_order,
        co_occurrence_set.set_label,
        co_occurrence_set.population_id,
        co_occurrence_set.combination_label
),

-- Of a large set only what occurs in any year, beside none of all.
combination as (
    select
        set_id,
        cast({{ whole_numbers_below('all_members + 1') }} as integer) as combination
    from sized_set
    where set_size <= {{ members_of_a_small_set }}
    union all
    select distinct
        counted.set_id,
        counted.combination
    from counted
    inner join sized_set on counted.set_id = sized_set.set_id
    where
        sized_set.set_size > {{ members_of_a_small_set }}
        and counted.geography_code = 'all_services'
        and (counted.forms > 0 or counted.combination = 0)
),

named as (
    select
        combination.set_id,
        combination.combination,
        cast(count(member.member_bit) as integer) as members_present,
        coalesce({{ joined_text('member.member_label', ' + ', 'member.member_bit') }}, 'None of these') as members_label
    from combination
    left join member
        on
            combination.set_id = member.set_id
            and {{ has_bit('combination.combination', 'member.member_bit') }}
    group by combination.set_id, combination.combination
),

base as (
    select
        set_id,
        reporting_year,
        geography_code,
        cast(sum(forms) as bigint) as base
    from counted
    group by set_id, reporting_year, geography_code
),

member_count as (
    select
        counted.set_id,
        counted.reporting_year,
        counted.geography_code,
        member.member_bit,
        cast(
            coalesce(sum(counted.forms) filter (where {{ has_bit('counted.combination', 'member.member_bit') }}), 0)
            as bigint
        ) as forms
    from counted
    inner join member on counted.set_id = member.set_id
    group by counted.set_id, counted.reporting_year, counted.geography_code, member.member_bit
),

-- What chance would bring together, were the members independent: the share with each that is in the combination,
-- times the share without each that is not.
expected as (
    select
        combination.set_id,
        combination.combination,
        member_count.reporting_year,
        member_count.geography_code,
        product(
            cast(
                case
                    when {{ has_bit('combination.combination', 'member_count.member_bit') }} then member_count.forms
                    else base.base - member_count.forms
                end as double
            ) / nullif(base.base, 0)
        ) as expected_share
    from combination
    inner join member_count on combination.set_id = member_count.set_id
    inner join base
        on
            member_count.set_id = base.set_id
            and member_count.reporting_year = base.reporting_year
            and member_count.geography_code = base.geography_code
    group by
        combination.set_id, combination.combination, member_count.reporting_year, member_count.geography_code
),

observed as (
    select
        sized_set.set_id,
        sized_set.set_order,
        sized_set.set_label,
        sized_set.population_id,
        reporting_year.reporting_year as period,
        place.geography_level,
        place.geography_code,
        named.combination,
        case
            when named.combination = sized_set.all_members and sized_set.combination_label is not null
                then sized_set.combination_label
            else named.members_label
        end as combination_label,
        named.members_present,
        named.combination = sized_set.all_members and sized_set.combination_label is not null as is_named,
        coalesce(counted.forms, 0) as observed,
        coalesce(base.base, 0) as base,
        {{ nine_decimals('base.base * expected.expected_share') }} as expected
    from sized_set
    inner join named on sized_set.set_id = named.set_id
    cross join reporting_year
    inner join place
        on sized_set.set_size <= {{ members_of_a_small_set }} or place.geography_level = 'all_services'
    left join base
        on
            sized_set.set_id = base.set_id
            and reporting_year.reporting_year = base.reporting_year
            and place.geography_code = base.geography_code
    left join expected
        on
            named.set_id = expected.set_id
            and named.combination = expected.combination
            and reporting_year.reporting_year = expected.reporting_year
            and place.geography_code = expected.geography_code
    left join counted
        on
            named.set_id = counted.set_id
            and named.combination = counted.combination
            and reporting_year.reporting_year = counted.reporting_year
            and place.geography_code = counted.geography_code
)

select
    *,
    case when base > 0 then 100.0 * observed / base end as share,
    {{ wilson_lower('observed', 'base') }} as share_lower_95,
    {{ wilson_upper('observed', 'base') }} as share_upper_95,
    {{ standardised_ratio('observed', 'expected') }} as observed_over_expected,
    {{ standardised_ratio_lower('observed', 'expected') }} as ratio_lower_95,
    {{ standardised_ratio_upper('observed', 'expected') }} as ratio_upper_95
from observed
