with

matches as (
    select * from {{ ref('int_case_match') }}
),

review_cases as (
    select * from {{ ref('int_review_case') }}
),

reviews_per_case as (
    select
        intake_landed_row_id,
        count(*) as review_count
    from review_cases
    group by intake_landed_row_id
),

cases as (
    select
        -- ids
        matches.exit_form_key as case_id,
        matches.exit_form_key,
        matches.intake_form_key,
        matches.service_code,
        matches.client_key,

        -- dates
        matches.reporting_year,
        matches.intake_date,
        matches.closure_date,
        matches.case_length_days::integer as case_length_days,
        matches.is_closed_before_intake,

        -- match
        matches.match_rule,
        matches.match_pass,
        coalesce(reviews_per_case.review_count, 0)::integer as review_count
    from matches
    left join reviews_per_case
        on matches.intake_landed_row_id = reviews_per_case.intake_landed_row_id
)

select * from cases
