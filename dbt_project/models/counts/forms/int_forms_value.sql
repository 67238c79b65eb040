with

cell as (
    select * from {{ ref('int_report_cell') }}
),

cell_answer as (
    select * from {{ ref('int_cell_answer') }}
),

slice as (
    select * from {{ ref('int_indicator_slice') }}
),

population_base as (
    select * from {{ ref('int_population_base') }}
),

cohort_count as (
    select * from {{ ref('int_cohort_count') }}
),

number_statistic as (
    select
        *,
        true as has_number
    from {{ ref('int_number_statistic') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

-- Every cell stands for every year, service and breakdown value, so that nobody answered and nobody asked both show.
spine as (
    select
        cell.*,
        -- A column and not a condition of the join below, which would no longer be one of hashes.
        cell.statistic in ('mean', 'median') as has_number,
        reporting_year.reporting_year,
        slice.slice_id,
        slice.geography_level,
        slice.geography_code,
        slice.breakdown,
        slice.breakdown_value
    from cell
    cross join reporting_year
    inner join slice on cell.has_breakdowns or slice.breakdown = 'total'
),

answer_total as (
    select
        cell_answer.cell_id,
        cohort_count.reporting_year,
        cohort_count.slice_id,
        sum(cell_answer.weight * cohort_count.forms) as forms
    from cell_answer
    inner join cell on cell_answer.cell_id = cell.cell_id
    inner join cohort_count
        on
            cell.cohort_id = cohort_count.cohort_id
            and cell_answer.dataset = cohort_count.dataset
            and cell_answer.answer_id = cohort_count.answer_id
    group by cell_answer.cell_id, cohort_count.reporting_year, cohort_count.slice_id
),

-- A service takes part where it has a form in the population; a service by itself is one or none.
taking_part as (
    select
        population_base.population_id,
        population_base.reporting_year,
        slice.geography_code as service_code,
        cast(population_base.base > 0 as integer) as services
    from population_base
    inner join slice on population_base.slice_id = slice.slice_id
    where slice.geography_level = 'service'
),

service_total as (
    select
        population_id,
        reporting_year,
        'all_services' as geography_code,
        sum(services) as services
    from taking_part
    group by population_id, reporting_year
    union all
    select * from taking_part
),

counted as (
    select
        spine.*,
        population_base.base,
        number_statistic.mean,
        number_statistic.median,
        number_statistic.forms as number_forms,
        case
            when spine.statistic in ('percentage', 'per_100', 'count') then coalesce(answer_total.forms, 0)
            when spine.statistic = 'services' and spine.breakdown = 'total' then coalesce(service_total.services, 0)
            -- The sum behind a mean; a median has no such thing.
            when spine.statistic = 'mean' then {{ round_half_up('number_statistic.total', 0) }}
        end as counted_forms
    from spine
    left join population_base
        on
            spine.population_id = population_base.population_id
            and spine.reporting_year = population_base.reporting_year
            and spine.slice_id = population_base.slice_id
    left join answer_total
        on
            spine.cell_id = answer_total.cell_id
            and spine.reporting_year = answer_total.reporting_year
            and spine.slice_id = answer_total.slice_id
    left join service_total
        on
            spine.population_id = service_total.population_id
            and spine.reporting_year = service_total.reporting_year
            and spine.geography_code = service_total.geography_code
    left join number_statistic
        on
            spine.has_number = number_statistic.has_number
            and spine.cohort_id = number_statistic.cohort_id
            and spine.dataset = number_statistic.dataset
            and spine.question_no = number_statistic.question_no
            and spine.reporting_year = number_statistic.reporting_year
            and spine.slice_id = number_statistic.slice_id
),

based as (
    select
        *,
        cast(counted_forms as bigint) as numerator,
        cast(
            case when statistic in ('mean', 'median') then coalesce(number_forms, 0) else base end as bigint
        ) as denominator
    from counted
),

valued as (
    select
        *,
        case
            when statistic in ('percentage', 'per_100') and denominator > 0 then 100.0 * numerator / denominator
            when statistic in ('count', 'services') then cast(numerator as double)
            when statistic = 'mean' then {{ in_unit('mean', 'question_unit', 'unit') }}
            when statistic = 'median' then {{ in_unit('median', 'question_unit', 'unit') }}
        end as value
    from based
),

rounded as (
    select
        *,
        case
            when statistic in ('percentage', 'per_100')
                then {{ round_half_up_ratio('(100 * numerator)', 'denominator', 'decimals') }}
            else {{ round_half_up('value', 'decimals') }}
        end as value_rounded
    from valued
),

finished as (
    select
        table_id as indicator_id,
        reporting_year as period,
        geography_level,
        geography_code,
        breakdown,
        breakdown_value,
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
        case
            when statistic in ('percentage', 'per_100') then {{ wilson_lower('numerator', 'denominator') }}
        end as lower_95,
        case
            when statistic in ('percentage', 'per_100') then {{ wilson_upper('numerator', 'denominator') }}
        end as upper_95,
        case
            when value is null and denominator = 0 then 'z'
            when value is null then 'x'
            when statistic in ('percentage', 'per_100') and numerator > 0 and value_rounded = 0 then 'low'
            else 'ok'
        end as status,
        population_id,
        is_published
    from rounded
)

select * from finished
