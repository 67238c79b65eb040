{%- set measures = social_care_measures(
    none, measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')
) -%}
with

social_care_window as (
    select * from {{ ref('int_social_care_window') }}
),

coverage as (
    select * from {{ ref('int_returns_coverage') }}
),

record_type as (
    select
        record_type.record_id,
        record_type.record_label,
        return_type.return_label
    from {{ ref('record_type') }} as record_type
    inner join {{ ref('return_type') }} as return_type on record_type.return_id = return_type.return_id
),

need as (
    select distinct listed.*
    from (
        values
        {%- for measure in measures %}
        {%- for record_id, months in measure['needs'] %}
        (
            '{{ measure['measure_id'] }}', '{{ measure['source_id'] }}', '{{ record_id }}', {{ months }},
            {{ measure['timing'] == 'on_day' }}
        ),
        {%- endfor %}
        {%- endfor %}
        ('', '', '', 0, false)
    ) as listed (measure_id, source_id, record_id, months, is_on_day)
),

days_needed as (
    select
        need.measure_id,
        need.record_id,
        need.months,
        social_care_window.source_id,
        social_care_window.la_code,
        social_care_window.window_id,
        cast(
            case when need.is_on_day then social_care_window.period_end else social_care_window.period_start end
            - to_months(need.months) as date
        ) as first_day,
        social_care_window.period_end as last_day
    from need
    inner join social_care_window on need.source_id = social_care_window.source_id
),

days_not_held as (
    select days_needed.*
    from days_needed
    anti join coverage
        on
            days_needed.record_id = coverage.record_id
            and days_needed.la_code = coverage.la_code
            and days_needed.first_day >= coverage.first_day - coverage.slack
            and days_needed.last_day <= coverage.last_day + coverage.slack
),

reasons as (
    select
        days_not_held.measure_id,
        days_not_held.source_id,
        days_not_held.la_code,
        days_not_held.window_id,
        record_type.return_label || ' (' || lower(left(record_type.record_label, 1))
        || substr(record_type.record_label, 2) || '): not held for the whole period'
        || case
            when days_not_held.months > 0 then ' and the ' || days_not_held.months || ' months before it'
            else ''
        end as reason
    from days_not_held
    inner join record_type on days_not_held.record_id = record_type.record_id
)

select
    measure_id,
    source_id,
    la_code,
    window_id,
    {{ joined_text('reason', '; ', 'reason') }} as reason
from reasons
group by measure_id, source_id, la_code, window_id
