with

programme as (
    select
        {{ least_n('disclosure_threshold') }} as least_n,
        {{ within('disclosure_threshold') }} as within
    from {{ ref('programme') }}
),

figure as (
    select * from {{ ref('indicator_value') }}
    where theme = 'insights' and breakdown = 'total'
),

listed_service as (
    select * from {{ ref('int_listed_service') }}
    where not is_public_already
),

listed_year as (
    select
        reporting_year,
        count(*) as services
    from listed_service
    group by reporting_year
),

cell as (
    select
        cell.*,
        report_cell.cohort_id,
        report_cell.cohort_id || '/' || cohort.form_id || '/0*1' as cohort_terms
    from {{ ref('int_disclosure_cell') }} as cell
    inner join {{ ref('int_report_cell') }} as report_cell
        on
            cell.indicator_id = report_cell.table_id
            and cell.point = report_cell.point
            and cell.row_order = report_cell.row_order
            and cell.column_order = report_cell.column_order
    left join {{ ref('cohort') }} as cohort on report_cell.cohort_id = cohort.cohort_id
),

prints as (
    select * from {{ ref('int_disclosure_count') }}
),

printed_figures as (
    select
        figure.*,
        coalesce(cell.decimals, 0) as decimals,
        listed_year.services as listed_services,
        figure.statistic in ('mean', 'median') as is_average,
        -- A count of everybody is an n itself.
        cell.denominator_terms not in ('', cell.numerator_terms)
        and figure.statistic in ('percentage', 'per_100', 'count') as has_base,
        numerator.printed as printed_numerator,
        case
            when figure.statistic in ('mean', 'median') then numerator.printed else denominator.printed
        end as printed_denominator,
        -- That a service asks nobody a question is told where it certainly has forms: elsewhere it would tell that.
        coalesce(
            figure.services > 0 and figure.services_asking = 0 and cohort_size.printed >= programme.least_n, false
        ) as is_asked_by_nobody,
        programme.least_n,
        programme.within
    from figure
    cross join programme
    inner join listed_year on figure.period = listed_year.reporting_year
    left join listed_service
        on figure.period = listed_service.reporting_year and figure.geography_code = listed_service.service_code
    left join cell
        on
            figure.indicator_id = cell.indicator_id
            and figure.point = cell.point
            and figure.row_order = cell.row_order
            and figure.column_order = cell.column_order
    left join prints as numerator
        on
            figure.period = numerator.period
            and figure.geography_code = numerator.geography_code
            and cell.numerator_terms = numerator.terms
    left join prints as denominator
        on
            figure.period = denominator.period
            and figure.geography_code = denominator.geography_code
            and cell.denominator_terms = denominator.terms
    left join prints as cohort_size
        on
            figure.period = cohort_size.period
            and figure.geography_code = cohort_size.geography_code
            and cell.cohort_terms = cohort_size.terms
    where figure.geography_level = 'all_services' or listed_service.service_code is not null
),

shown_figures as (
    select
        *,
        coalesce(
            not is_asked_by_nobody and case
                when statistic = 'services' then true
                when is_average then printed_denominator >= least_n
                when has_base then printed_numerator is not null and printed_denominator >= least_n
                else printed_numerator is not null
            end, false
        ) as is_shown,
        bool_or(geography_level = 'all_services' and is_asked_by_nobody) over in_period as is_asked_nowhere,
        count(*) filter (where geography_level = 'service' and is_asked_by_nobody) over in_period
            as services_not_asking
    from printed_figures
    window in_period as (partition by indicator_id, period, point, row_order, column_order)
),

figures_with_value as (
    select
        *,
        case
            when not is_shown then null
            when statistic = 'services' and geography_level = 'all_services' then listed_services
            when statistic = 'services' then 1
            when not is_average then printed_numerator
        end as above,
        case when is_shown and has_base then printed_denominator end as below,
        -- An average is the true one, to so many decimals that every n which the printed one stands for could have it.
        case when is_shown and is_average then least(decimals, floor(log10(printed_denominator - within))) end
            as average_decimals
    from shown_figures
    where not is_asked_nowhere
),

valued_figures as (
    select
        *,
        case
            when is_average then {{ round_half_up('value', 'average_decimals') }}
            when statistic = 'percentage' then 100.0 * {{ at_most('above', 'below') }} / below
            when statistic = 'per_100' then 100.0 * above / below
            else cast(above as double)
        end as printed_value
    from figures_with_value
),

figures as (
    select
        indicator_id,
        period,
        period_label,
        is_provisional,
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
        cast(above as bigint) as numerator,
        case when not is_asked_by_nobody and statistic <> 'services' then printed_denominator end as denominator,
        printed_value as value,
        case when is_average then printed_value else {{ round_half_up('printed_value', 'decimals') }} end
            as value_rounded,
        unit,
        case when statistic in ('percentage', 'per_100') then {{ wilson_lower(at_most('above', 'below'), 'below') }} end
            as lower_95,
        case when statistic in ('percentage', 'per_100') then {{ wilson_upper(at_most('above', 'below'), 'below') }} end
            as upper_95,
        case when is_asked_by_nobody or statistic = 'external' then 'x' when is_shown then 'ok' else 'c' end as status,
        cast(null as varchar) as status_reason,
        population_id,
        case when geography_level = 'all_services' then listed_services else 1 end as services,
        case
            when geography_level = 'all_services' then listed_services - services_not_asking
            else 1 - cast(is_asked_by_nobody as integer)
        end as services_asking,
        is_published,
        'insights' as theme,
        true as is_new
    from valued_figures
),

public_figures as (
    select
        indicator_id,
        period,
        period_label,
        false as is_provisional,
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
        lower_95,
        upper_95,
        status,
        status_reason,
        population_id,
        services,
        services_asking,
        is_published,
        theme,
        false as is_new
    from {{ source('ops', 'public_figure') }}
    where theme = 'insights'
)

{{ union_by_name(['figures', 'public_figures']) }}
