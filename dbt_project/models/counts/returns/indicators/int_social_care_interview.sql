{{ config(materialized='view') }}

with

episode as (
    select * from {{ ref('fct_missing_episode') }}
),

-- The authority's rule: an interview is offered after the second episode, or to a child assessed as vulnerable.
children_due as (
    select
        la_code,
        child_key,
        reporting_year,
        count(*) as episodes,
        bool_or(interview_offered_on is not null) as is_offered
    from episode
    group by la_code, child_key, reporting_year
    having count(*) >= 2 or bool_or(coalesce(is_vulnerable, false))
)

select * from children_due
