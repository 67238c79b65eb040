with

strata as (
    select * from {{ ref('int_pupil_involvement') }}
),

-- One row per group of pupils, age band and sex: those with the need, and everybody.
pupils_by_need as (
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

pupils_of_all_needs as (
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

involvement_totals as (
    select
        la_code,
        reporting_year,
        involvement,
        sum(all_pupils) as all_pupils,
        sum(all_involved) as all_involved
    from pupils_of_all_needs
    group by la_code, reporting_year, involvement
),

needs_summed as (
    select
        pupils_by_need.la_code,
        pupils_by_need.reporting_year,
        pupils_by_need.involvement,
        pupils_by_need.need_kind,
        pupils_by_need.need,
        max(pupils_by_need.unlinked_children) as unlinked_children,
        max(pupils_by_need.children_of_school_age) as children_of_school_age,
        cast(sum(pupils_by_need.pupils) as bigint) as pupils,
        cast(sum(pupils_by_need.involved_pupils) as bigint) as observed,
        -- Added up as decimals, whose sum is the same in every order.
        cast(
            sum(
                cast(
                    pupils_by_need.pupils
                    * pupils_of_all_needs.all_involved
                    / cast(pupils_of_all_needs.all_pupils as double) as decimal(28, 9)
                )
            ) as double
        ) as expected
    from pupils_by_need
    inner join pupils_of_all_needs
        on
            pupils_by_need.la_code = pupils_of_all_needs.la_code
            and pupils_by_need.reporting_year = pupils_of_all_needs.reporting_year
            and pupils_by_need.involvement = pupils_of_all_needs.involvement
            and pupils_by_need.age_band = pupils_of_all_needs.age_band
            and pupils_by_need.sex = pupils_of_all_needs.sex
    group by
        pupils_by_need.la_code,
        pupils_by_need.reporting_year,
        pupils_by_need.involvement,
        pupils_by_need.need_kind,
        pupils_by_need.need
),

needs_compared as (
    select
        needs_summed.*,
        cast(involvement_totals.all_pupils as bigint) - needs_summed.pupils as other_pupils,
        cast(involvement_totals.all_involved as bigint) - needs_summed.observed as other_involved,
        -- Were the children who could not be linked spread over age and sex as the linked ones are.
        needs_summed.expected
        * (1 + needs_summed.unlinked_children / nullif(cast(involvement_totals.all_involved as double), 0))
            as expected_with_unlinked
    from needs_summed
    inner join involvement_totals
        on
            needs_summed.la_code = involvement_totals.la_code
            and needs_summed.reporting_year = involvement_totals.reporting_year
            and needs_summed.involvement = involvement_totals.involvement
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
from needs_compared
