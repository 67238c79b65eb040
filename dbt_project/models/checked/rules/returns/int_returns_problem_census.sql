{{ config(materialized='table') }}

with

children as (
    {{ latest_records(ref('stg_returns__cin_child'), ref('int_returns_record')) }}
),

all_children as (
    select * from {{ ref('stg_returns__cin_child') }}
),

disabilities as (
    {{ latest_records(ref('stg_returns__cin_disability'), ref('int_returns_record')) }}
),

referrals as (
    {{ latest_records(ref('stg_returns__cin_referral'), ref('int_returns_record')) }}
),

all_referrals as (
    select * from {{ ref('stg_returns__cin_referral') }}
),

assessments as (
    {{ latest_records(ref('stg_returns__cin_assessment'), ref('int_returns_record')) }}
),

factors as (
    {{ latest_records(ref('stg_returns__cin_assessment_factor'), ref('int_returns_record')) }}
),

need_plans as (
    {{ latest_records(ref('stg_returns__cin_plan'), ref('int_returns_record')) }}
),

enquiries as (
    {{ latest_records(ref('stg_returns__cin_section47'), ref('int_returns_record')) }}
),

plans as (
    {{ latest_records(ref('stg_returns__cin_protection_plan'), ref('int_returns_record')) }}
),

all_plans as (
    select * from {{ ref('stg_returns__cin_protection_plan') }}
),

reviews as (
    {{ latest_records(ref('stg_returns__cin_plan_review'), ref('int_returns_record')) }}
),

plans_in_order as (
    select
        landed_row_id,
        previous_plans,
        lag(previous_plans) over (partition by la_code, child_key order by start_date) as previous_plans_before
    from plans
),

{#- One query for each rule: the code, the kind of record, the field if the rule is about one value, and the rows. #}
{% set rules = [] -%}
{% set at_birth -%}
    from children as record where birth_month <= make_date(collection_year - 26, 3, 31)
{%- endset %}
{% do rules.append(('SC105', 'cin_child', 'birth_month', at_birth)) -%}
{% set before_birth -%}
    from referrals as record
    inner join children on record.la_code = children.la_code and record.child_key = children.child_key
    where record.referral_date < children.birth_month - interval 10 month
{%- endset %}
{% do rules.append(('SC107', 'cin_referral', none, before_birth)) -%}
{% set after_death -%}
    from referrals as record
    inner join children on record.la_code = children.la_code and record.child_key = children.child_key
    where record.referral_date >= children.death_month + interval 1 month
{%- endset %}
{% do rules.append(('SC108', 'cin_referral', none, after_death)) -%}
{% set not_alone -%}
    from factors as record
    where
        record.factor = '21'
        and record.parent_row_id in (select other.parent_row_id from factors as other where other.factor != '21')
{%- endset %}
{% do rules.append(('SC203', 'cin_assessment_factor', none, not_alone)) -%}
{% do rules.append(('SC205', 'cin_referral', 'reason_for_closure',
    'from referrals as record where closure_date is not null and reason_for_closure is null')) -%}
{% do rules.append(('SC206', 'cin_referral', 'reason_for_closure',
    'from referrals as record where closure_date is null and reason_for_closure is not null')) -%}
{% do rules.append(('SC209', 'cin_protection_plan', 'latest_category',
    'from plans as record where latest_category is null')) -%}
{% set none_and_some -%}
    from disabilities as record
    where
        record.disability = 'NONE'
        and record.parent_row_id in (
            select other.parent_row_id from disabilities as other where other.disability != 'NONE'
        )
{%- endset %}
{% do rules.append(('SC210', 'cin_disability', none, none_and_some)) -%}
{% do rules.append(('SC211', 'cin_child', 'upn_unknown',
    'from children as record where upn_key is not null and upn_unknown is not null')) -%}
{% do rules.append(('SC212', 'cin_referral', 'primary_need',
    'from referrals as record where primary_need is null and not coalesce(is_no_further_action, false)')) -%}
{% set no_referral -%}
    from children as record
    where record.landed_row_id not in (
        select all_referrals.parent_row_id from all_referrals where all_referrals.parent_row_id is not null
    )
{%- endset %}
{% do rules.append(('SC301', 'cin_child', none, no_referral)) -%}
{% for rule_code, record_id, records in [
    ('SC302', 'cin_protection_plan', 'plans'),
    ('SC303', 'cin_assessment', 'assessments'),
    ('SC303', 'cin_section47', 'enquiries'),
    ('SC303', 'cin_plan', 'need_plans'),
] %}
{% set without_referral -%}
    from {{ records }} as record
    left join all_referrals
        on record.parent_row_id = all_referrals.landed_row_id and all_referrals.referral_date is not null
    where all_referrals.landed_row_id is null
{%- endset %}
{% do rules.append((rule_code, record_id, none, without_referral)) -%}
{% endfor %}
{% for rule_code, record_id, records in [
    ('SC304', 'cin_protection_plan', 'plans'), ('SC305', 'cin_section47', 'enquiries')
] %}
{% set before_referral -%}
    from {{ records }} as record
    inner join all_referrals on record.parent_row_id = all_referrals.landed_row_id
    where record.start_date < all_referrals.referral_date
{%- endset %}
{% do rules.append((rule_code, record_id, none, before_referral)) -%}
{% endfor %}
{% set outside_plan -%}
    from reviews as record
    inner join all_plans on record.parent_row_id = all_plans.landed_row_id
    where
        record.review_date < all_plans.start_date
        or (record.review_date > all_plans.end_date and all_plans.end_date >= all_plans.start_date)
{%- endset %}
{% do rules.append(('SC306', 'cin_plan_review', none, outside_plan)) -%}
{% set no_action -%}
    from plans as record
    inner join all_referrals on record.parent_row_id = all_referrals.landed_row_id
    where all_referrals.is_no_further_action
{%- endset %}
{% do rules.append(('SC311', 'cin_protection_plan', none, no_action)) -%}
{% do rules.append(('SC401', 'cin_referral', none,
    'from referrals as record where closure_date < referral_date')) -%}
{% do rules.append(('SC401', 'cin_plan', none, 'from need_plans as record where end_date < start_date')) -%}
{% do rules.append(('SC401', 'cin_protection_plan', none,
    'from plans as record where end_date < start_date')) -%}
{% set ends_later -%}
    from plans as record
    inner join all_referrals on record.parent_row_id = all_referrals.landed_row_id
    where
        record.end_date > all_referrals.closure_date
        and all_referrals.closure_date >= all_referrals.referral_date
{%- endset %}
{% do rules.append(('SC402', 'cin_protection_plan', none, ends_later)) -%}
{% do rules.append(('SC403', 'cin_assessment', 'authorisation_date',
    'from assessments as record where authorisation_date < start_date')) -%}
{% do rules.append(('SC404', 'cin_section47', 'conference_date',
    'from enquiries as record where conference_date < start_date')) -%}
{% set overlap = {'plans': ('start_date', 'end_date'), 'referrals': ('referral_date', 'closure_date')} %}
{% for rule_code, record_id, records, taken_up in [
    ('SC405', 'cin_protection_plan', 'plans', 'true'),
    ('SC406', 'cin_referral', 'referrals', 'not coalesce(record.is_no_further_action, false)'
        ~ ' and not coalesce(earlier.is_no_further_action, false)'),
] %}
{% set start, end = overlap[records] %}
{#- An earlier one that ends before it began is wrong itself and sets nothing else aside. #}
{% set twice -%}
    from {{ records }} as record
    inner join {{ records }} as earlier
        on
            record.la_code = earlier.la_code
            and record.child_key = earlier.child_key
            and record.{{ start }} > earlier.{{ start }}
    where
        coalesce(record.{{ start }} < earlier.{{ end }}, earlier.{{ end }} is null)
        and {{ taken_up }}
{%- endset %}
{% do rules.append((rule_code, record_id, none, twice)) -%}
{% endfor %}
{% do rules.append(('SC413', 'cin_protection_plan', 'previous_plans',
    'from plans_in_order as record where previous_plans != previous_plans_before + 1')) -%}
{% do rules.append(('SC415', 'cin_section47', 'is_conference_not_required',
    'from enquiries as record where is_conference_not_required and conference_date is not null')) -%}
{% do rules.append(('SC501', 'cin_child', none, sent_twice_differently('all_children'))) -%}
{{ rule_rows(rules) }}
