with

accepted_assessments as (
    {{ accepted_records(ref('stg_returns__cin_assessment'), ref('int_returns_disposition'), ['authorisation_date']) }}
),

dispositions as (
    select * from {{ ref('int_returns_disposition') }}
),

factors as (
    select * from {{ ref('fct_assessment_factor') }}
),

factor_lists as (
    select
        assessment_key,
        {{ collect_list('factor', 'true') }} as factors,
        bool_or(factor_group != 'none_identified') as has_any_factor,
        bool_or(factor_group = 'domestic_violence') as has_domestic_violence,
        bool_or(factor_group = 'alcohol') as has_alcohol,
        bool_or(factor_group = 'drugs') as has_drugs,
        bool_or(factor_group in ('alcohol', 'drugs')) as has_substance,
        bool_or(factor_group = 'mental_health') as has_mental_health,
        bool_or(factor_group = 'learning_disability') as has_learning_disability,
        bool_or(factor_group = 'physical_disability') as has_physical_disability,
        bool_or(factor_group in ('alcohol', 'drugs') and person = 'child') as has_child_substance,
        bool_or(factor_group in ('learning_disability', 'physical_disability')) as has_disability,
        bool_or(factor_group in ('alcohol', 'drugs') and person = 'parent') as has_parental_substance,
        bool_or(factor_group = 'mental_health' and person = 'parent') as has_parental_mental_health,
        bool_or(factor_group = 'domestic_violence' and person in ('parent', 'other'))
        and bool_or(factor_group in ('alcohol', 'drugs') and person in ('parent', 'other'))
        and bool_or(factor_group = 'mental_health' and person in ('parent', 'other')) as has_adult_trio
    from factors
    group by assessment_key
),

assessments as (
    select
        accepted_assessments.landed_row_id as assessment_key,
        dispositions.survivor_row_id as referral_key,
        accepted_assessments.la_code,
        accepted_assessments.child_key,
        accepted_assessments.start_date,
        accepted_assessments.authorisation_date,
        accepted_assessments.absent_from,
        {{ year_to_march('accepted_assessments.authorisation_date') }} as reporting_year,
        coalesce(factor_lists.factors, []::varchar[]) as factors,
        factor_lists.assessment_key is not null as is_factor_recorded,
        {%- for flag in ['any_factor', 'domestic_violence', 'alcohol', 'drugs', 'substance', 'mental_health',
            'learning_disability', 'physical_disability', 'child_substance', 'disability', 'parental_substance',
            'parental_mental_health', 'adult_trio'] %}
        coalesce(factor_lists.has_{{ flag }}, false) as has_{{ flag }},
        {%- endfor %}
        {%- for sum_of, first, second in [
            ('substances', 'alcohol', 'drugs'), ('disabilities', 'learning_disability', 'physical_disability')
        ] %}
        coalesce(factor_lists.has_{{ first }}, false)::integer
        + coalesce(factor_lists.has_{{ second }}, false)::integer as {{ sum_of }}{{ ',' if not loop.last }}
        {%- endfor %}
    from accepted_assessments
    left join factor_lists
        on accepted_assessments.landed_row_id = factor_lists.assessment_key
    left join dispositions
        on accepted_assessments.parent_row_id = dispositions.landed_row_id
)

select * from assessments
