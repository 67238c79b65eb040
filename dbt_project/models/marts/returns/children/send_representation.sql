with

strata as (
    select * from {{ ref('int_pupil_involvement') }}
),

-- One row per group of pupils, age band and sex: those with the need, and everybody.
grouped as (
    select
        la_code,
        reporting_year,
        involvement,
        need.kind as need_kind,
        case need.kind
            when 'any' then 'any'
            when 'provision' then strata.sen_provision
            else strata.sen_primary_need
        end as need,
        age_band,
        sex,
        max(unlinked_children) as unlinked_children,
        max(children_of_school_age) as children_of_school_age,
        sum(pupils) as pupils,
        sum(involved_pupils) as involved_pupils
    from strata
    cross join (values ('any'), ('provision'), ('primary need')) as need (kind)
    where strata.sen_provision != 'none'
    group by all
),

everybody as (
    select
        la_code,
        reporting_year,
        involvement,
        age_band,
        sex,
        sum(pupils) as all_pupils,
        sum(involved_pupils) as all_involved
    from strata
    group by la_code, reporting_year, involvement, age_band, sex
),

whole as (
    select
        la_code,
        reporting_year,
        involvement,
        sum(all_pupils) as all_pupils,
        sum(all_involved) as all_involved
    from everybody
    group by la_code, reporting_year, involvement
),

summed as (
    select
        grouped.la_code,
        grouped.reporting_year,
        grouped.involvement,
        grouped.need_kind,
        grouped.need,
        max(grouped.unlinked_children) as unlinked_children,
        max(grouped.children_of_school_age) as children_of_school_age,
        cast(sum(grouped.pupils) as bigint) as pupils,
        cast(sum(grouped.involved_pupils) as bigint) as observed,
        -- Added up as decimals, whose sum is the same in every order.
        cast(
            sum(
                cast(grouped.pupils * everybody.all_involved / cast(everybody.all_pupils as double) as decimal(28, 9))
            ) as double
        ) as expected
    from grouped
    inner join everybody
        on
            grouped.la_code = everybody.la_code
            and grouped.reporting_year = everybody.reporting_year
            and grouped.involvement = everybody.involvement
            and grouped.age_band = everybody.age_band
            and grouped.sex = everybody.sex
    group by grouped.la_code, grouped.reporting_year, grouped.involvement, grouped.need_kind, grouped.need
),

compared as (
    select
        summed.*,
        cast(whole.all_pupils as bigint) - summed.pupils as other_pupils,
        cast(whole.all_involved as bigint) - summed.observed as other_involved,
        -- Were the children who could not be linked spread over age and sex as the linked ones are.
        summed.expected * (1 + summed.unlinked_children / nullif(cast(whole.all_involved as double), 0))
            as expected_with_unlinked
    from summed
    inner join whole
        on
            summed.la_code = whole.la_code
            and summed.reporting_year = whole.reporting_year
            and summed.involvement = whole.involvement
)

select
    la_code,
    reporting_year,
    involvement,
    need_kind,
    need,
    pupils,
    observed,
    expected,
    {{ standardised_ratio('observed', 'expected') }} as standardised_ratio,
    {{ standardised_ratio_lower('observed', 'expected') }} as ratio_lower_95,
    {{ standardised_ratio_upper('observed', 'expected') }} as ratio_upper_95,
    {{ risk_ratio('observed', 'pupils', 'other_involved', 'other_pupils') }} as relative_risk,
    {{ risk_ratio_limit('observed', 'pupils', 'other_involved', 'other_pupils', -1) }} as relative_risk_lower_95,
    {{ risk_ratio_limit('observed', 'pupils', 'other_involved', 'other_pupils', 1) }} as relative_risk_upper_95,
    unlinked_children,
    children_of_school_age,
    100.0 * unlinked_children / nullif(children_of_school_age, 0) as unlinked_share,
    observed / nullif(expected_with_unlinked, 0) as ratio_if_no_unlinked_has_it,
    (observed + unlinked_children) / nullif(expected_with_unlinked, 0) as ratio_if_every_unlinked_has_it
from compared
