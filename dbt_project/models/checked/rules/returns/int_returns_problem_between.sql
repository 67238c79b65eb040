{{ config(materialized='table') }}

with

children as (
    {{ latest_records(ref('stg_returns__cin_child'), ref('int_returns_record')) }}
),

headers as (
    {{ latest_records(ref('stg_returns__s903_header'), ref('int_returns_record')) }}
),

referrals as (
    {{ latest_records(ref('stg_returns__cin_referral'), ref('int_returns_record')) }}
),

plans as (
    {{ latest_records(ref('stg_returns__cin_protection_plan'), ref('int_returns_record')) }}
),

episodes as (
    {{ latest_records(ref('stg_returns__s903_episode'), ref('int_returns_record')) }}
),

census_years as (
    select distinct
        la_code,
        collection_year
    from {{ ref('stg_returns__cin_child') }}
),

care_years as (
    select distinct
        la_code,
        collection_year
    from {{ ref('stg_returns__s903_header') }}
),

numbers as (
    select
        la_code,
        upn_key,
        child_key
    from children
    where upn_key is not null
    union
    select
        la_code,
        upn_key,
        child_key
    from headers
    where upn_key is not null
),

shared_numbers as (
    select
        la_code,
        upn_key
    from numbers
    group by la_code, upn_key
    having count(*) > 1
),

{% set rules = [] -%}
{% for record_id, records, others in [('cin_child', 'children', 'headers'), ('s903_header', 'headers', 'children')] %}
{% for rule_code, field, known in [
    ('SC502', 'sex', " and record.sex != 'U' and other.sex != 'U'"), ('SC503', 'birth_month', '')
] %}
{% set unlike -%}
    from {{ records }} as record
    inner join {{ others }} as other on record.la_code = other.la_code and record.child_key = other.child_key
    where record.{{ field }} != other.{{ field }}{{ known }}
{%- endset %}
{% do rules.append((rule_code, record_id, field, unlike)) -%}
{% endfor %}
{% set shared -%}
    from {{ records }} as record
    inner join shared_numbers
        on record.la_code = shared_numbers.la_code and record.upn_key = shared_numbers.upn_key
{%- endset %}
{% do rules.append(('SC504', record_id, 'upn_key', shared)) -%}
{% endfor %}
{% for record_id, records, end, years, taken_up in [
    ('cin_referral', 'referrals', 'closure_date', 'census_years', 'not coalesce(record.is_no_further_action, false)'),
    ('cin_protection_plan', 'plans', 'end_date', 'census_years', 'true'),
    ('s903_episode', 'episodes', 'end_date', 'care_years', 'true'),
] %}
{% set forgotten -%}
    from {{ records }} as record
    inner join {{ years }} as next_year
        on record.la_code = next_year.la_code and record.collection_year + 1 = next_year.collection_year
    where record.{{ end }} is null and {{ taken_up }}
{%- endset %}
{% do rules.append(('SC505', record_id, none, forgotten)) -%}
{% endfor %}
{{ rule_rows(rules) }}
