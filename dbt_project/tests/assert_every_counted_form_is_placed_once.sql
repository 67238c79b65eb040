-- Each form of a reported year has one profile per panel, so that every slice it belongs to counts it exactly once.
with

in_cohorts as (
    select
        form_id,
        count(*) as forms
    from {{ ref('int_cohort_form') }}
    group by form_id
),

placed as (
    select
        form_id,
        count(*) as forms
    from {{ ref('int_form_profile') }}
    group by form_id
)

select
    in_cohorts.form_id,
    in_cohorts.forms,
    placed.forms as placed_forms
from in_cohorts
left join placed on in_cohorts.form_id = placed.form_id
where placed.forms is null or in_cohorts.forms <> placed.forms
