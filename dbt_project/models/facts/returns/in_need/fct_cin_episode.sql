{#- A case ends with the child's life, not with childhood: disabled or leaving care one can be in need until 25. -#}
{%- set ends = {
    'return': 'referrals.closure_date',
    'absence': 'case when referrals.closure_date is null then referrals.absent_from end',
    'death': 'limits.died_by',
} -%}

with

referrals as (
    select * from {{ ref('fct_referral') }}
),

limits as (
    select * from {{ ref('int_child_limit') }}
),

referrals_taken_up as (
    select
        referrals.referral_key,
        referrals.la_code,
        referrals.child_key,
        referrals.referral_date as start_date,
        {{ earliest_end('referrals.referral_date', ends) }} as end_date,
        {{ ended_by(ends) }} as ended_by,
        referrals.primary_need,
        referrals.reason_for_closure
    from referrals
    left join limits
        on referrals.la_code = limits.la_code and referrals.child_key = limits.child_key
    where not referrals.is_no_further_action
)

select * from referrals_taken_up
