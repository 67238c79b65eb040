with

referrals as (
    select * from {{ ref('fct_referral') }}
),

referrals_taken_up as (
    select
        referral_key,
        la_code,
        child_key,
        referral_date as start_date,
        closure_date as end_date,
        primary_need,
        reason_for_closure
    from referrals
    where not is_no_further_action
)

select * from referrals_taken_up
