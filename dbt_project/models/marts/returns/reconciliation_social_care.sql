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

-- The authority of the sample stands where the document's own does.
authority as (
    select la_code from {{ ref('dim_authority') }}
    where is_sample
),

indicator_value as (
    select * from {{ ref('indicator_value') }}
    where
        theme = 'social_care'
        and geography_level = 'authority'
        and geography_code in (select authority.la_code from authority)
),

compared as (
    select
        figure.*,
        indicator.computable,
        indicator.why,
        figure.compare_period is null as is_external,
        indicator_value.value as computed_value,
        indicator_value.value_rounded as computed_rounded,
        indicator_value.numerator as computed_numerator,
        indicator_value.denominator as computed_denominator
    from figure
    inner join indicator on figure.indicator_id = indicator.indicator_id
    left join indicator_value
        on
            figure.indicator_id = indicator_value.indicator_id
            and figure.compare_period = indicator_value.period_label
            and figure.compare_breakdown = indicator_value.breakdown
            and figure.compare_breakdown_value = indicator_value.breakdown_value
),

-- A printed figure is met where the computed one rounds to it, half up. One worked out from rounded figures carries
-- their roundings to both sides; "about" is met within half a unit of its last digit that is not zero.
checked as (
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
        is_derived
        or qualifier = '~'
        or computable <> 'yes'
        or (
            (published_numerator is null or published_numerator is not distinct from computed_numerator)
            and (published_denominator is null or published_denominator is not distinct from computed_denominator)
        ) as is_base_met
    from compared
),

covering as (
    select
        checked.figure_no,
        anomaly.anomaly_id,
        anomaly.kind,
        anomaly.explanation,
        row_number() over (partition by checked.figure_no order by anomaly.anomaly_id) as preference
    from checked
    inner join anomaly on {{ in_code_list('anomaly.figure_nos', 'checked.figure_no') }}
    where not checked.is_external and not (checked.is_value_met and checked.is_base_met)
),

judged as (
    select
        checked.figure_no,
        checked.indicator_id,
        checked.area,
        checked.period,
        checked.breakdown,
        checked.published,
        checked.published_value,
        checked.qualifier,
        checked.is_derived,
        checked.tolerance,
        checked.published_numerator,
        checked.published_denominator,
        checked.compare_period,
        checked.compare_breakdown,
        checked.compare_breakdown_value,
        checked.computed_value,
        checked.computed_rounded,
        checked.computed_numerator,
        checked.computed_denominator,
        case
            when checked.is_external then 'external'
            when checked.is_value_met and checked.is_base_met then 'match'
            when covering.anomaly_id is not null then 'explained'
            else 'unexplained'
        end as status,
        covering.anomaly_id,
        covering.kind as anomaly_kind,
        case
            when covering.anomaly_id is not null then covering.explanation
            when checked.is_external and checked.computable = 'external' then checked.why
            when checked.is_external then 'A published figure of another area, itself an input.'
        end as explanation
    from checked
    left join covering on checked.figure_no = covering.figure_no and covering.preference = 1
)

select * from judged
