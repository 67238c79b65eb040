with

accepted_factors as (
    {{ accepted_records(ref('stg_returns__cin_assessment_factor'), ref('int_returns_disposition')) }}
),

accepted_assessments as (
    {{ accepted_records(ref('stg_returns__cin_assessment'), ref('int_returns_disposition'), ['authorisation_date']) }}
),

numbered_factors as (
    select
        accepted_assessments.landed_row_id as assessment_key,
        accepted_assessments.la_code,
        accepted_assessments.child_key,
        {{ year_to_march('accepted_assessments.authorisation_date') }} as reporting_year,
        accepted_factors.factor,
        regexp_extract(accepted_factors.factor, '^[0-9]+')::integer as factor_number,
        regexp_extract(accepted_factors.factor, '[A-Z]$') as factor_letter
    from accepted_factors
    inner join accepted_assessments
        on accepted_factors.parent_row_id = accepted_assessments.landed_row_id
),

factors as (
    select
        assessment_key,
        la_code,
        child_key,
        reporting_year,
        factor,
        case factor_number
            when 1 then 'alcohol'
            when 2 then 'drugs'
            when 3 then 'domestic_violence'
            when 4 then 'mental_health'
            when 5 then 'learning_disability'
            when 6 then 'physical_disability'
            when 7 then 'young_carer'
            when 8 then 'privately_fostered'
            when 9 then 'unaccompanied'
            when 10 then 'missing'
            when 11 then 'sexual_exploitation'
            when 12 then 'trafficking'
            when 13 then 'gangs'
            when 14 then 'unacceptable_behaviour'
            when 15 then 'self_harm'
            when 16 then 'neglect'
            when 17 then 'emotional_abuse'
            when 18 then 'physical_abuse'
            when 19 then 'sexual_abuse'
            when 21 then 'none_identified'
            when 22 then 'female_genital_mutilation'
            when 23 then 'faith_or_belief'
            when 24 then 'criminal_exploitation'
            else 'other'
        end as factor_group,
        -- Only factors 1 to 6 say by their letter whose they are.
        case
            when factor_number > 6 then 'none'
            when factor_letter = 'A' then 'child'
            when factor_letter = 'B' then 'parent'
            when factor_letter = 'C' then 'other'
            else 'none'
        end as person
    from numbered_factors
),

factors_by_kind as (
    select
        *,
        factor_group != 'none_identified' as is_risk,
        factor_group not in ('none_identified', 'neglect', 'emotional_abuse', 'physical_abuse', 'sexual_abuse')
            as is_risk_other_than_abuse,
        factor_group in ('alcohol', 'drugs') and person = 'child' as is_child_substance
    from factors
)

select * from factors_by_kind
