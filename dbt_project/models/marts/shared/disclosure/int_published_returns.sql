with

programme as (
    select
        {{ least_n('disclosure_threshold') }} as least_n,
        final_to
    from {{ ref('programme') }}
),

figure as (
    select * from {{ ref('int_returns_value') }}
),

prints as (
    select * from {{ ref('int_disclosure_return') }}
),

public_year as (
    select distinct
        geography_code,
        period
    from {{ source('ops', 'public_figure') }}
    where theme = 'social_care'
),

-- A fall or a rise is printed with its sign.
printed_figures as (
    select
        figure.*,
        sign(figure.numerator) * above.printed as printed_numerator,
        below.printed as printed_denominator,
        figure.denominator is not null as has_denominator,
        coalesce(below.is_known, false) as is_denominator_known,
        programme.least_n
    from figure
    cross join programme
    left join prints as above
        on figure.la_code = above.la_code and figure.numerator_count = above.count_name
    left join prints as below
        on figure.la_code = below.la_code and figure.denominator_count = below.count_name
    left join public_year
        on figure.la_code = public_year.geography_code and figure.period = public_year.period
    where figure.period_end <= programme.final_to and public_year.period is null
),

-- What is expected of a standardised ratio is made of true counts, and is no printed number: the ratio stays inside.
shown_figures as (
    select
        *,
        coalesce(
            printed_numerator is not null
            and status <> 'x'
            and statistic <> 'standardised_ratio'
            and (
                not has_denominator
                or is_denominator_known
                or printed_denominator >= least_n
            ),
            false
        ) as is_shown
    from printed_figures
),

-- A row of a breakdown exists inside where somebody is in it, and must not tell that: in public a value that is printed
-- above nothing in any period has a row in every period that has enough, and one that is not has none.
parts as (
    select *
    from shown_figures
    where split_part(numerator_count, '|', 2) <> 'total' and statistic <> 'standardised_ratio'
),

listed_values as (
    select distinct
        la_code,
        indicator_id,
        line_order,
        breakdown_value
    from parts
    where is_shown and printed_numerator > 0
),

shown_parts as (
    select parts.*
    from parts
    inner join listed_values
        on
            parts.la_code = listed_values.la_code
            and parts.indicator_id = listed_values.indicator_id
            and parts.line_order = listed_values.line_order
            and parts.breakdown_value = listed_values.breakdown_value
    where parts.is_shown
),

-- Where all values are over one n: what is over an n of its own has no period without a row of it.
periods_of_parts as (
    select *
    from parts
    where is_shown and split_part(denominator_count, '|', 2) = 'total'
    qualify row_number() over (
        partition by la_code, indicator_id, line_order, period_label
        order by breakdown_value
    ) = 1
),

parts_of_nobody as (
    select period.* replace (
        listed.breakdown_value as breakdown_value,
        0 as printed_numerator
    )
    from periods_of_parts as period
    inner join listed_values as listed
        on
            period.la_code = listed.la_code
            and period.indicator_id = listed.indicator_id
            and period.line_order = listed.line_order
    left join parts
        on
            period.la_code = parts.la_code
            and period.indicator_id = parts.indicator_id
            and period.line_order = parts.line_order
            and period.period_label = parts.period_label
            and listed.breakdown_value = parts.breakdown_value
    where parts.la_code is null
),

whole_figures as (
    select *
    from shown_figures
    where split_part(numerator_count, '|', 2) = 'total' or statistic = 'standardised_ratio' or numerator_count is null
),

printed_rows as (
    {{ union_by_name(['whole_figures', 'shown_parts', 'parts_of_nobody']) }}
),

figures_with_value as (
    select
        *,
        case when is_shown then printed_numerator end as above,
        case when is_shown then printed_denominator end as below,
        case
            when not is_shown then null
            when statistic = 'count' then cast(printed_numerator as double)
            when statistic = 'percentage'
                then {{ rate(
                    at_most('printed_numerator', 'printed_denominator'), 'printed_denominator', 'multiplier'
                ) }}
            else {{ rate('printed_numerator', 'printed_denominator', 'multiplier') }}
        end as printed_value
    from printed_rows
),

figures as (
    select
        indicator_id,
        period,
        period_label,
        la_code,
        breakdown,
        breakdown_value,
        line_order,
        statistic,
        is_year,
        unit,
        above as numerator,
        case when has_denominator then printed_denominator end as denominator,
        printed_value as value,
        case
            when printed_value < 0 then -({{ round_half_up('-printed_value', 'decimals') }})
            else {{ round_half_up('printed_value', 'decimals') }}
        end as value_rounded,
        case statistic
            when 'percentage' then {{ wilson_lower(at_most('above', 'below'), 'below') }}
            when 'rate' then {{ rate_lower('above', 'below', 'multiplier') }}
        end as lower_95,
        case statistic
            when 'percentage' then {{ wilson_upper(at_most('above', 'below'), 'below') }}
            when 'rate' then {{ rate_upper('above', 'below', 'multiplier') }}
        end as upper_95,
        case
            when status = 'x' then 'x'
            when printed_value is null then 'c'
            else 'ok'
        end as status,
        case when status = 'x' then status_reason end as status_reason,
        true as is_new
    from figures_with_value
),

-- Of a year that is public already which of its periods are whole years is asked of the catalogue's windows again.
public_figures as (
    select
        public_figure.indicator_id,
        public_figure.period,
        public_figure.period_label,
        public_figure.geography_code as la_code,
        public_figure.breakdown,
        public_figure.breakdown_value,
        public_figure.row_order as line_order,
        public_figure.statistic,
        public_figure.unit,
        public_figure.numerator,
        public_figure.denominator,
        public_figure.value,
        public_figure.value_rounded,
        public_figure.lower_95,
        public_figure.upper_95,
        public_figure.status,
        public_figure.status_reason,
        coalesce(figure.is_year, false) as is_year,
        false as is_new
    from {{ source('ops', 'public_figure') }} as public_figure
    left join figure
        on
            public_figure.indicator_id = figure.indicator_id
            and public_figure.geography_code = figure.la_code
            and public_figure.period = figure.period
            and public_figure.period_label = figure.period_label
            and public_figure.breakdown = figure.breakdown
            and public_figure.breakdown_value = figure.breakdown_value
            and public_figure.row_order = figure.line_order
    where
        public_figure.theme = 'social_care'
        and public_figure.geography_level = 'authority'
        and public_figure.statistic <> 'model'
)

{{ union_by_name(['figures', 'public_figures']) }}
