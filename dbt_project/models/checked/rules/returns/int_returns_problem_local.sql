{{ config(materialized='table') }}

{% set closing = {
    'disabled_team_case': ('open_date', 'close_date'),
    'treatment_episode': ('start_date', 'end_date'),
    'family_support_allocation': ('allocated_on', 'ended_on'),
    'young_carer': ('start_date', 'end_date'),
} -%}

with

{% for record_id in closing %}
{{ record_id }} as (
    {{ latest_records(ref('stg_returns__' ~ record_id), ref('int_returns_record')) }}
),
{% endfor %}
missing_episode as (
    {{ latest_records(ref('stg_returns__missing_episode'), ref('int_returns_record')) }}
),

offences as (
    {{ latest_records(ref('stg_returns__youth_offence'), ref('int_returns_record')) }}
),

people as (
    {{ latest_records(ref('stg_returns__police_person'), ref('int_returns_record')) }}
),

incidents as (
    {{ latest_records(ref('stg_returns__police_incident'), ref('int_returns_record')) }}
),

{% set rules = [] -%}
{% set no_incident -%}
    from people as record
    left join incidents
        on record.la_code = incidents.la_code and record.incident_key = incidents.incident_key
    where incidents.landed_row_id is null
{%- endset %}
{% do rules.append(('SC309', 'police_person', none, no_incident)) -%}
{% for record_id, days in closing.items() %}
{% do rules.append(('SC401', record_id, none,
    'from ' ~ record_id ~ ' as record where ' ~ days[1] ~ ' < ' ~ days[0])) -%}
{% endfor %}
{% do rules.append(('SC410', 'missing_episode', 'ended_at',
    'from missing_episode as record where ended_at < started_at')) -%}
{% do rules.append(('SC411', 'missing_episode', 'interview_done_on',
    'from missing_episode as record where interview_done_on < started_at::date')) -%}
{% do rules.append(('SC414', 'youth_offence', 'outcome_date',
    'from offences as record where outcome_date < offence_date')) -%}
{% set twice -%}
    from missing_episode as record
    inner join missing_episode as earlier
        on
            record.la_code = earlier.la_code
            and record.child_key = earlier.child_key
            and record.started_at > earlier.started_at
    where record.started_at < earlier.ended_at
{%- endset %}
{% do rules.append(('SC416', 'missing_episode', none, twice)) -%}
{{ rule_rows(rules) }}
