with

cohort_form as (
    select * from {{ ref('int_cohort_form') }}
),

profile as (
    select * from {{ ref('int_profile') }}
),

forms_with_profile as (
    select
        cohort_form.form_id,
        cohort_form.landed_row_id,
        cohort_form.intake_landed_row_id,
        {% for panel in count_panels() %}
        profile_{{ loop.index }}.profile_id as profile_id_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    from cohort_form
    {% for panel in count_panels() %}
    {% set profile = 'profile_' ~ loop.index %}
    inner join profile as {{ profile }}
        on
            {{ profile }}.panel = {{ loop.index }}
            and cohort_form.form_id = {{ profile }}.form_id
            and cohort_form.reporting_year = {{ profile }}.reporting_year
            and cohort_form.cohort_mask = {{ profile }}.cohort_mask
            and cohort_form.not_asked = {{ profile }}.not_asked
            {% for column in panel %}
            and cohort_form.{{ column }} = {{ profile }}.{{ column }}
            {% endfor %}
    {% endfor %}
)

select * from forms_with_profile
