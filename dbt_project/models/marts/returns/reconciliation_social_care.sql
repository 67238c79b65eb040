with

figure as (
    select * from {{ ref('social_care_published') }}
),

anomaly as (
    select * from {{ ref('social_care_anomaly') }}
),

indicator as (
    select
        indicator_id,
        computable,
        why
    from {{ ref('social_care_indicator') }}
),

-- The authority that the publication is about.
authority as (
    select la_code from {{ ref('dim_authority') }}
    where has_publication
),

indicator_value as (
    select * from {{ ref('indicator_value') }}
    where
        theme = 'social_care'
        and geography_level = 'authority'
        and geography_code in (select authority.la_code from authority)
),

compared_figures as (
    select
        figure.*,
        indicator.computable,
        indicator.why,
        figure.compare_period is null as is_external,
        indicator_value.value as computed_value,
        indicator_value.status as computed_status,
        indicator_value.value_rounded as computed_rounded,
        indicator_value.numerator as computed_numerator,
        indicator_value.denominator as computed_denominator
    from figure
    inner join indicator on figure.indicator_id = indicator.indicator_id
    -- compare_period, a column of the seed, is typed as a period is labelled: 2015-16 and 31 March 2016 by
    -- macros/years.sql, other windows by the seed social_care_window.
    left join indicator_value
        on
            figure.indicator_id = indicator_value.indicator_id
            and figure.compare_period = indicator_value.period_label
            and figure.compare_breakdown = indicator_value.breakdown
            and figure.compare_breakdown_value = indicator_value.breakdown_value
),

-- A printed figure is met where the computed one rounds to it, half up. One worked out from rounded figures carries
-- their roundings to both sides; "about" is met within half a unit of its last digit that is not zero.
checked_figures as (
    select
        *,
        coalesce(
            case
                when qualifier = '<' then computed_value < published_value
                when qualifier = '>' then computed_value > published_value
                when is_derived or qualifier = '~'
                    then abs(computed_value - published_value) <= tolerance + 0.000000001
                else
                    computed_value >= published_value - tolerance - 0.000000001
                    and computed_value < published_value + tolerance - 0.000000001
            end,
            false
        ) as is_value_met,
        -- Counts printed beside a share have to be met too; a model has none, and "about" means about.
        not is_derived and qualifier <> '~' and computable = 'yes' as is_base_compared,
        not is_base_compared
        or (
            coalesce(published_numerator, computed_numerator) is not distinct from computed_numerator
            and coalesce(published_denominator, computed_denominator) is not distinct from computed_denominator
        ) as is_base_met
    from compared_figures
),

-- A difference is explained where the records give what the anomaly says should be printed, or cannot give it and the
-- anomaly says that they do not reach back so far.
anomalies_by_figure as (
    select
        checked_figures.figure_no,
        anomaly.anomaly_id,
        anomaly.kind,
        anomaly.explanation,
        coalesce(anomaly.corrected_tolerance > checked_figures.tolerance, false) as is_bound,
        row_number() over (
            partition by checked_figures.figure_no order by is_bound, anomaly.anomaly_id
        ) as preference
    from checked_figures
    inner join anomaly on {{ in_code_list('anomaly.figure_nos', 'checked_figures.figure_no') }}
    where
        not checked_figures.is_external
        and not (checked_figures.is_value_met and checked_figures.is_base_met)
        and (
            (anomaly.kind = 'records_begin_later' and checked_figures.computed_status = 'x')
            or (
                abs(checked_figures.computed_value - anomaly.corrected_value)
                <= coalesce(anomaly.corrected_tolerance, checked_figures.tolerance) + 0.000000001
                and (
                    not checked_figures.is_base_compared
                    or (
                        coalesce(
                            anomaly.corrected_numerator,
                            checked_figures.published_numerator,
                            checked_figures.computed_numerator
                        ) is not distinct from checked_figures.computed_numerator
                        and coalesce(
                            anomaly.corrected_denominator,
                            checked_figures.published_denominator,
                            checked_figures.computed_denominator
                        ) is not distinct from checked_figures.computed_denominator
                    )
                )
            )
        )
),

judged_figures as (
    select
        checked_figures.figure_no,
        checked_figures.indicator_id,
        checked_figures.area,
        checked_figures.period,
        checked_figures.breakdown,
        checked_figures.published,
        checked_figures.published_value,
        checked_figures.qualifier,
        checked_figures.is_derived,
        checked_figures.tolerance,
        checked_figures.published_numerator,
        checked_figures.published_denominator,
        checked_figures.compare_period,
        checked_figures.compare_breakdown,
        checked_figures.compare_breakdown_value,
        checked_figures.computed_value,
        checked_figures.computed_rounded,
        checked_figures.computed_numerator,
        checked_figures.computed_denominator,
        case
            when checked_figures.is_external then 'external'
            when checked_figures.is_value_met and checked_figures.is_base_met then 'match'
            when anomalies_by_figure.is_bound then 'bounded'
            when anomalies_by_figure.anomaly_id is not null then 'explained'
            else 'unexplained'
        end as status,
        anomalies_by_figure.anomaly_id,
        anomalies_by_figure.kind as anomaly_kind,
        case
            when anomalies_by_figure.anomaly_id is not null then anomalies_by_figure.explanation
            when checked_figures.is_external and checked_figures.computable = 'external' then checked_figures.why
            when checked_figures.is_external then 'A published figure of another area, itself an input.'
        end as explanation
    from checked_figures
    left join anomalies_by_figure
        on checked_figures.figure_no = anomalies_by_figure.figure_no and anomalies_by_figure.preference = 1
)

select * from judged_figures
