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

population_not_asked as (
    select * from {{ ref('int_population_not_asked') }}
),

services_asking as (
    select * from {{ ref('int_services_asking') }}
),

number_statistic as (
    select
        *,
        true as has_number
    from {{ ref('int_number_statistic') }}
),

number_outside_bands as (
    select * from {{ ref('int_number_outside_bands') }}
),

reporting_year as (
    select reporting_year from {{ ref('reporting_year') }}
    where is_reported
),

-- Every cell stands for every year, service and breakdown value, so that nobody answered and nobody asked both show.
cells_everywhere as (
    select
        cell.*,
        -- A column and not a condition of the join below, which would no longer be one of hashes.
        cell.statistic in ('mean', 'median') as has_number,
        coalesce(cell.question_no, 0) as asked_no,
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

answer_totals as (
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
services_with_forms as (
    select
        population_base.population_id,
        population_base.reporting_year,
        slice.geography_code as service_code,
        cast(population_base.base > 0 as integer) as services
    from population_base
    inner join slice on population_base.slice_id = slice.slice_id
    where slice.geography_level = 'service'
),

service_totals as (
    select
        population_id,
        reporting_year,
        'all_services' as geography_code,
        sum(services) as services
    from services_with_forms
    group by population_id, reporting_year
    union all
    select * from services_with_forms
),

counted_cells as (
    select
        cells_everywhere.*,
        population_base.base - coalesce(population_not_asked.not_asked_in_base, 0) as base,
        case
            when cells_everywhere.population_id is not null then coalesce(population_not_asked.not_asked, 0)
        end as not_asked,
        services_asking.services,
        services_asking.services_asking,
        -- Then there is no figure and no n, and no 0 in their place.
        coalesce(services_asking.services > 0 and services_asking.services_asking = 0, false) as is_asked_by_nobody,
        -- In the unit of the cell, so that it is what the value is the n-th part of.
        {{ in_unit('number_statistic.total', 'cells_everywhere.question_unit', 'cells_everywhere.unit') }}
            as sum_of_numbers,
        number_statistic.median,
        case
            when cells_everywhere.is_about_number then coalesce(number_outside_bands.forms, 0)
        end as numbers_outside_bands,
        number_statistic.forms as number_forms,
        case
            when cells_everywhere.statistic in ('percentage', 'per_100', 'count') then coalesce(answer_totals.forms, 0)
            when
                cells_everywhere.statistic = 'services' and cells_everywhere.breakdown = 'total'
                then coalesce(service_totals.services, 0)
        end as counted_forms
    from cells_everywhere
    left join population_base
        on
            cells_everywhere.population_id = population_base.population_id
            and cells_everywhere.reporting_year = population_base.reporting_year
            and cells_everywhere.slice_id = population_base.slice_id
    left join population_not_asked
        on
            cells_everywhere.population_id = population_not_asked.population_id
            and cells_everywhere.asked_no = population_not_asked.question_no
            and cells_everywhere.reporting_year = population_not_asked.reporting_year
            and cells_everywhere.slice_id = population_not_asked.slice_id
    left join services_asking
        on
            cells_everywhere.population_id = services_asking.population_id
            and cells_everywhere.asked_no = services_asking.question_no
            and cells_everywhere.reporting_year = services_asking.reporting_year
            and cells_everywhere.geography_code = services_asking.geography_code
    left join answer_totals
        on
            cells_everywhere.cell_id = answer_totals.cell_id
            and cells_everywhere.reporting_year = answer_totals.reporting_year
            and cells_everywhere.slice_id = answer_totals.slice_id
    left join service_totals
        on
            cells_everywhere.population_id = service_totals.population_id
            and cells_everywhere.reporting_year = service_totals.reporting_year
            and cells_everywhere.geography_code = service_totals.geography_code
    left join number_statistic
        on
            cells_everywhere.has_number = number_statistic.has_number
            and cells_everywhere.cohort_id = number_statistic.cohort_id
            and cells_everywhere.dataset = number_statistic.dataset
            and cells_everywhere.question_no = number_statistic.question_no
            and cells_everywhere.reporting_year = number_statistic.reporting_year
            and cells_everywhere.slice_id = number_statistic.slice_id
    left join number_outside_bands
        on
            cells_everywhere.cohort_id = number_outside_bands.cohort_id
            and cells_everywhere.dataset = number_outside_bands.dataset
            and cells_everywhere.asked_no = number_outside_bands.question_no
            and cells_everywhere.reporting_year = number_outside_bands.reporting_year
            and cells_everywhere.slice_id = number_outside_bands.slice_id
),

cells_with_base as (
    select
        *,
        cast(case when not is_asked_by_nobody then counted_forms end as bigint) as numerator,
        cast(
            case
                when is_asked_by_nobody then null
                when statistic in ('mean', 'median') then coalesce(number_forms, 0)
                else base
            end as bigint
        ) as denominator,
        case when statistic = 'mean' then sum_of_numbers end as sum_of_values,
        case when not is_asked_by_nobody then numbers_outside_bands end as outside_bands
    from counted_cells
),

cells_with_value as (
    select
        *,
        case
            when statistic in ('percentage', 'per_100') and denominator > 0 then 100.0 * numerator / denominator
            when statistic in ('count', 'services') then cast(numerator as double)
            when statistic = 'mean' then sum_of_values / denominator
            when statistic = 'median' then {{ in_unit('median', 'question_unit', 'unit') }}
        end as value
    from cells_with_base
),

rounded_cells as (
    select
        *,
        case
            when statistic in ('percentage', 'per_100')
                then {{ round_half_up_ratio('(100 * numerator)', 'denominator', 'decimals') }}
            else {{ round_half_up('value', 'decimals') }}
        end as value_rounded
    from cells_with_value
),

figures as (
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
        sum_of_values,
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
            when is_asked_by_nobody then 'x'
            when value is null and denominator = 0 then 'z'
            when value is null then 'x'
            when statistic in ('percentage', 'per_100') and numerator > 0 and value_rounded = 0 then 'low'
            else 'ok'
        end as status,
        population_id,
        not_asked,
        outside_bands,
        services,
        services_asking,
        is_published
    from rounded_cells
)

select * from figures
