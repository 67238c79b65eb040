{#- Conditions are looked up once for all forms that share them, not form by form: a file has thousands of forms, and a
    handful of versions and services. A condition that no rule of a load has is left out of the comparison. -#}
{%- set conditions = ['load_id', 'form_version', 'service_code', 'event_date'] -%}
with

rule as (
    select * from {{ ref('int_question_not_asked') }}
),

load as (
    select
        load_id,
        min(form_version) as form_version
    from {{ source('ops', 'load') }}
    where status = 'landed'
    group by load_id
),

load_with_rules as (
    select
        load_id,
        bool_or(form_version is not null) as depends_on_version,
        bool_or(service_code is not null) as depends_on_service,
        bool_or(first_day is not null or last_day is not null) as depends_on_day
    from rule
    group by load_id
),

form as (
    {% for form_id in ['intake', 'review', 'exit'] %}
    select
        staged.landed_row_id,
        staged.load_id,
        case
            when load_with_rules.depends_on_version
                then coalesce(nullif(lower(trim(staged.form_version)), ''), load.form_version)
        end as form_version,
        case when load_with_rules.depends_on_service then staged.service_code end as service_code,
        case when load_with_rules.depends_on_day then staged.event_date end as event_date
    from {{ ref('stg_forms__' ~ form_id) }} as staged
    inner join load_with_rules on staged.load_id = load_with_rules.load_id
    left join load on staged.load_id = load.load_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

condition as (
    select distinct {{ conditions | join(', ') }}
    from form
),

condition_list as (
    select
        condition.*,
        {{ collect_list('rule.question_no', 'true') }} as question_nos
    from condition
    inner join rule
        on
            condition.load_id = rule.load_id
            and (rule.form_version is null or condition.form_version = rule.form_version)
            and (rule.service_code is null or condition.service_code = rule.service_code)
            and (rule.first_day is null or condition.event_date >= rule.first_day)
            and (rule.last_day is null or condition.event_date <= rule.last_day)
    group by all
),

form_with_list as (
    select
        form.landed_row_id,
        condition_list.question_nos
    from form
    inner join condition_list
        on
            {% for column in conditions %}
            form.{{ column }} is not distinct from condition_list.{{ column }}{{ ' and' if not loop.last }}
            {% endfor %}
)

select * from form_with_list
