with

factors as (
    select * from {{ ref('fct_assessment_factor') }}
    where factor_group != 'none_identified'
),

-- Every mention of a risk counts here: what the needs assessment printed was a share of these.
mentions as (
    select
        la_code,
        reporting_year,
        count(*) as factors_named,
        count(*) filter (where person = 'child' and factor_group = 'alcohol') as alcohol,
        count(*) filter (where person = 'child' and factor_group = 'drugs') as drugs,
        count(*) filter (where person = 'child' and factor_group in ('alcohol', 'drugs')) as substance
    from factors
    group by la_code, reporting_year
),

shares as (
    select * from {{ ref('factor_trend') }}
    where persons = 'child' and base_kind = 'all' and factor in ('alcohol', 'drugs', 'substance')
)

select
    shares.la_code,
    shares.reporting_year,
    shares.factor,
    shares.with_factor,
    shares.base,
    shares.share,
    shares.share_lower_95,
    shares.share_upper_95,
    shares.completeness,
    case shares.factor
        when 'alcohol' then mentions.alcohol when 'drugs' then mentions.drugs else mentions.substance
    end as mentions,
    mentions.factors_named,
    100.0 * case shares.factor
        when 'alcohol' then mentions.alcohol when 'drugs' then mentions.drugs else mentions.substance
    end / mentions.factors_named as share_of_factors_named
from shares
left join mentions
    on shares.la_code = mentions.la_code and shares.reporting_year = mentions.reporting_year
