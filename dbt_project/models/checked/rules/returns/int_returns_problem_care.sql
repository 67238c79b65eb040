{{ config(materialized='table') }}

with

headers as (
    {{ latest_records(ref('stg_returns__s903_header'), ref('int_returns_record')) }}
),

all_headers as (
    select * from {{ ref('stg_returns__s903_header') }}
),

all_episodes as (
    select * from {{ ref('stg_returns__s903_episode') }}
),

episodes as (
    {{ latest_records(ref('stg_returns__s903_episode'), ref('int_returns_record')) }}
),

first_collection as (
    select
        la_code,
        min(collection_year) as first_collection_year
    from all_headers
    group by la_code
),

missing as (
    {{ latest_records(ref('stg_returns__s903_missing'), ref('int_returns_record')) }}
),

unaccompanied as (
    {{ latest_records(ref('stg_returns__s903_uasc'), ref('int_returns_record')) }}
),

health as (
    {{ latest_records(ref('stg_returns__s903_health'), ref('int_returns_record')) }}
),

-- Short breaks stand apart: they follow on nothing.
in_order as (
    select
        *,
        lag(end_date) over child_episodes as end_date_before,
        lead(start_date) over child_episodes as next_start_date
    from episodes
    where not coalesce(legal_status in ('V3', 'V4'), false)
    window child_episodes as (partition by la_code, child_key order by start_date)
),

{% set rules = [] -%}
{% do rules.append(('SC105', 's903_header', 'birth_month',
    'from headers as record where birth_month <= make_date(collection_year - 26, 3, 31)')) -%}
{% set before_birth -%}
    from episodes as record
    inner join headers on record.la_code = headers.la_code and record.child_key = headers.child_key
    where record.start_date < headers.birth_month
{%- endset %}
{% do rules.append(('SC106', 's903_episode', none, before_birth)) -%}
{% do rules.append(('SC207', 's903_episode', 'reason_episode_ceased',
    'from episodes as record where end_date is not null and reason_episode_ceased is null')) -%}
{% do rules.append(('SC208', 's903_episode', 'reason_episode_ceased',
    'from episodes as record where end_date is null and reason_episode_ceased is not null')) -%}
{% set outside_care -%}
    from missing as record
    left join episodes
        on
            record.la_code = episodes.la_code
            and record.child_key = episodes.child_key
            and record.start_date >= episodes.start_date
            -- Not the record's own date for an episode without an end: of an expression of both sides no hash can be made.
            and record.start_date <= coalesce(episodes.end_date, make_date(9999, 12, 31))
    where episodes.landed_row_id is null
{%- endset %}
{% do rules.append(('SC307', 's903_missing', none, outside_care)) -%}
{% for record_id, records in [
    ('s903_episode', 'episodes'), ('s903_missing', 'missing'), ('s903_uasc', 'unaccompanied'), ('s903_health', 'health')
] %}
{% set no_header -%}
    from {{ records }} as record
    left join all_headers
        on
            record.la_code = all_headers.la_code
            and record.child_key = all_headers.child_key
            and record.collection_year = all_headers.collection_year
    where all_headers.landed_row_id is null
{%- endset %}
{% do rules.append(('SC308', record_id, none, no_header)) -%}
{% endfor %}
{% set no_episode -%}
    from headers as record
    left join all_episodes
        on
            record.la_code = all_episodes.la_code
            and record.child_key = all_episodes.child_key
            and record.collection_year = all_episodes.collection_year
    where all_episodes.landed_row_id is null
{%- endset %}
{% do rules.append(('SC310', 's903_header', none, no_episode)) -%}
{% do rules.append(('SC401', 's903_episode', none,
    'from episodes as record where end_date < start_date')) -%}
{% do rules.append(('SC410', 's903_missing', 'end_date',
    'from missing as record where end_date < start_date')) -%}
{% set twice -%}
    from in_order as record where coalesce(end_date_before > start_date, false)
{%- endset %}
{% do rules.append(('SC407', 's903_episode', none, twice)) -%}
{% do rules.append(('SC408', 's903_episode', none,
    "from in_order as record where reason_episode_ceased = 'X1' and coalesce(next_start_date > end_date, true)")) -%}
{% set follows_nothing -%}
    from in_order as record
    inner join first_collection on record.la_code = first_collection.la_code
    where
        record.reason_new_episode != 'S'
        and record.end_date_before is distinct from record.start_date
        and record.start_date > make_date(first_collection.first_collection_year - 1, 4, 1)
        and not coalesce(record.end_date_before > record.start_date, false)
{%- endset %}
{% do rules.append(('SC409', 's903_episode', 'reason_new_episode', follows_nothing)) -%}
{% do rules.append(('SC501', 's903_header', none, sent_twice_differently('all_headers'))) -%}
{{ rule_rows(rules) }}
