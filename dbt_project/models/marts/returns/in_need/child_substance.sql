with

factors as (
    select * from {{ ref('fct_assessment_factor') }}
    where factor_group != 'none_identified'
),

-- Every mention of a risk counts here: some needs assessments print a share of these.
factor_mentions as (
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

assessment_shares as (
    select * from {{ ref('factor_trend') }}
    where persons = 'child' and base_kind = 'all' and factor in ('alcohol', 'drugs', 'substance')
)

select
    assessment_shares.la_code,
    assessment_shares.reporting_year,
    assessment_shares.factor,
    assessment_shares.with_factor,
    assessment_shares.base,
    assessment_shares.share,
    assessment_shares.share_lower_95,
    assessment_shares.share_upper_95,
    assessment_shares.completeness,
    case assessment_shares.factor
        when 'alcohol' then factor_mentions.alcohol
        when 'drugs' then factor_mentions.drugs
        else factor_mentions.substance
    end as mentions,
    factor_mentions.factors_named,
    100.0 * case assessment_shares.factor
        when 'alcohol' then factor_mentions.alcohol
        when 'drugs' then factor_mentions.drugs
        else factor_mentions.substance
    end / factor_mentions.factors_named as share_of_factors_named
from assessment_shares
left join factor_mentions
    on
        assessment_shares.la_code = factor_mentions.la_code
        and assessment_shares.reporting_year = factor_mentions.reporting_year
