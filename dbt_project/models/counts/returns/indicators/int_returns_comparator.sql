with

comparator as (
    select * from {{ ref('comparator_rate') }}
    where area_level <> 'authority'
),

line as (
    select
        indicator_id,
        max(time_kind) as time_kind,
        max(unit) as unit
    from {{ ref('social_care_indicator_line') }}
    where line_order = 1
    group by indicator_id
),

indicator as (
    select
        indicator_id,
        unit
    from {{ ref('social_care_indicator') }}
),

-- Only a year to 31 March is called as one of the area's own is: periods that are not equal stand beside nothing.
dated_rates as (
    select
        -- Who delivers comparators calls anybody's factors parental, as publications do: none is published of parents.
        comparator.* replace (
            case comparator.indicator_id
                when 'factor_parental_mental_health_pct' then 'factor_mental_health_pct'
                when 'factor_parental_substance_pct' then 'factor_substance_pct'
                else comparator.indicator_id
            end as indicator_id
        ),
        {{ published_year('comparator.period') }} as year_to_march,
        coalesce(
            {{ published_year('comparator.period') }}, try_cast(left(comparator.period, 4) as integer)
        ) as period_year
    from comparator
),

named_rates as (
    select
        dated_rates.indicator_id,
        dated_rates.period_year as period,
        case
            when dated_rates.year_to_march is null then dated_rates.period
            when line.time_kind = 'stock' then {{ day_label('dated_rates.period_year') }}
            when line.time_kind = 'flow' then {{ year_label('dated_rates.period_year') }}
            else dated_rates.period
        end as period_label,
        dated_rates.area_level as geography_level,
        dated_rates.la_code,
        dated_rates.area_code,
        case when coalesce(dated_rates.breakdown, 'all') in ('all', '') then 'total' else 'group' end as breakdown,
        case when coalesce(dated_rates.breakdown, 'all') in ('all', '') then 'total' else dated_rates.breakdown end
            as breakdown_value,
        cast(dated_rates.value as double) as value,
        coalesce(line.unit, indicator.unit) as unit
    from dated_rates
    inner join indicator on dated_rates.indicator_id = indicator.indicator_id
    left join line on dated_rates.indicator_id = line.indicator_id
    where dated_rates.period_year is not null and dated_rates.value is not null
),

-- England is the same whoever delivers it, neighbours are those of one authority.
rates as (
    select
        indicator_id,
        period,
        period_label,
        geography_level,
        case
            when geography_level = 'statistical_neighbours' then la_code
            else coalesce(area_code, geography_level)
        end as geography_code,
        breakdown,
        breakdown_value,
        {{ value_of_first('value', 'la_code') }} as value,
        min(unit) as unit
    from named_rates
    group by
        indicator_id,
        period,
        period_label,
        geography_level,
        case
            when geography_level = 'statistical_neighbours' then la_code
            else coalesce(area_code, geography_level)
        end,
        breakdown,
        breakdown_value
)

select * from rates
