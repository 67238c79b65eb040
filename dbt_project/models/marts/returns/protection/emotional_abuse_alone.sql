{%- set recorded = [
    ('no other kind of maltreatment', 'is_emotional_alone'),
    ('neglect too', 'has_neglect'),
    ('physical abuse too', 'has_physical'),
    ('sexual abuse too', 'has_sexual'),
    ('physical or sexual abuse too', 'has_physical or has_sexual'),
] -%}
with

plans as (
    select * from {{ ref('int_plan_maltreatment') }}
    where initial_category = 'EMO'
),

finding_counts as (
    {%- for finding, condition in recorded %}
    select
        la_code,
        reporting_year,
        '{{ finding }}' as finding,
        count(*) filter (where is_factor_recorded and ({{ condition }})) as plans,
        count(*) filter (where is_factor_recorded) as base,
        count(*) as plans_started
    from plans
    group by la_code, reporting_year
    union all
    {%- endfor %}
    select
        la_code,
        reporting_year,
        'moved to multiple categories later' as finding,
        count(*) filter (where became_multiple) as plans,
        count(*) as base,
        count(*) as plans_started
    from plans
    group by la_code, reporting_year
    union all
    select
        la_code,
        reporting_year,
        'moved to any other category later' as finding,
        count(*) filter (where changed_category) as plans,
        count(*) as base,
        count(*) as plans_started
    from plans
    group by la_code, reporting_year
)

select
    la_code,
    reporting_year,
    finding,
    plans,
    base,
    100.0 * plans / nullif(base, 0) as share,
    {{ wilson_lower('plans', 'base') }} as share_lower_95,
    {{ wilson_upper('plans', 'base') }} as share_upper_95,
    plans_started
from finding_counts
